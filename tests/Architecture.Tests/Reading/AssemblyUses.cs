using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace TuningCluster.Architecture.Tests.Reading;

/// <summary>Which types the types of an assembly use, read from its metadata and from the code of every method.</summary>
/// <remarks>
/// Our own reader because it must see method bodies, costs no dependency and takes milliseconds. What the compiler leaves no trace of
/// is not seen: constants, <c>nameof</c>, and types named as arguments of attributes.
/// </remarks>
internal sealed class AssemblyUses
{
    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly SignatureNames _signatures;

    private AssemblyUses(PEReader file)
    {
        _file = file;
        _metadata = file.GetMetadataReader();
        _signatures = new SignatureNames(_metadata);
    }

    public static IReadOnlySet<Use> Read(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        return new AssemblyUses(file).Uses();
    }

    private HashSet<Use> Uses()
    {
        var assembly = _metadata.GetString(_metadata.GetAssemblyDefinition().Name);
        var uses = new HashSet<Use>();
        foreach (var handle in _metadata.TypeDefinitions)
        {
            var from = _signatures.NameOf(handle);
            foreach (var (to, member) in UsedBy(_metadata.GetTypeDefinition(handle)))
            {
                if (to != from)
                {
                    uses.Add(new Use(assembly, from, to, member));
                }
            }
        }

        return uses;
    }

    private IEnumerable<(string Type, string? Member)> UsedBy(TypeDefinition type) =>
    [
        .. Named(type.BaseType),
        .. type.GetInterfaceImplementations().SelectMany(i => Named(_metadata.GetInterfaceImplementation(i).Interface)),
        .. Constraints(type.GetGenericParameters()),
        .. Attributes(type.GetCustomAttributes()),
        .. type.GetProperties().SelectMany(p => Attributes(_metadata.GetPropertyDefinition(p).GetCustomAttributes())),
        .. type.GetFields().Select(_metadata.GetFieldDefinition).SelectMany(UsedBy),
        .. type.GetMethods().Select(_metadata.GetMethodDefinition).SelectMany(UsedBy),
    ];

    private IEnumerable<(string, string?)> UsedBy(FieldDefinition field) =>
        Types(field.DecodeSignature(_signatures, null)).Concat(Attributes(field.GetCustomAttributes()));

    private IEnumerable<(string, string?)> UsedBy(MethodDefinition method) =>
    [
        .. Types(SignatureNames.Of(method.DecodeSignature(_signatures, null))),
        .. Constraints(method.GetGenericParameters()),
        .. Attributes(method.GetCustomAttributes()),
        .. method.GetParameters().SelectMany(p => Attributes(_metadata.GetParameter(p).GetCustomAttributes())),
        .. method.RelativeVirtualAddress == 0 ? [] : UsedBy(_file.GetMethodBody(method.RelativeVirtualAddress)),
    ];

    private IEnumerable<(string, string?)> UsedBy(MethodBodyBlock body)
    {
        var locals = body.LocalSignature.IsNil
            ? []
            : _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_signatures, null).SelectMany(Types);
        return
        [
            .. locals,
            .. body.ExceptionRegions.SelectMany(r => Named(r.CatchType)),
            .. IlTokens.In(body.GetILReader()).SelectMany(Named),
        ];
    }

    private IEnumerable<(string, string?)> Constraints(GenericParameterHandleCollection parameters) => parameters
        .SelectMany(p => _metadata.GetGenericParameter(p).GetConstraints())
        .SelectMany(c => Named(_metadata.GetGenericParameterConstraint(c).Type));

    private IEnumerable<(string, string?)> Attributes(CustomAttributeHandleCollection attributes) =>
        attributes.SelectMany(a => Named(_metadata.GetCustomAttribute(a).Constructor));

    /// <summary>What a token stands for: a type, or a member with its owner and the types of its signature.</summary>
    private IEnumerable<(string, string?)> Named(EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition or HandleKind.TypeReference or HandleKind.TypeSpecification:
                return Types(_signatures.NamesOf(handle));
            case HandleKind.FieldDefinition:
                var field = _metadata.GetFieldDefinition((FieldDefinitionHandle)handle);
                return Member(field.GetDeclaringType(), field.Name, field.DecodeSignature(_signatures, null));
            case HandleKind.MethodDefinition:
                var method = _metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
                return Member(method.GetDeclaringType(), method.Name, SignatureNames.Of(method.DecodeSignature(_signatures, null)));
            case HandleKind.MemberReference:
                var member = _metadata.GetMemberReference((MemberReferenceHandle)handle);
                return Member(member.Parent, member.Name, member.GetKind() == MemberReferenceKind.Field
                    ? member.DecodeFieldSignature(_signatures, null)
                    : SignatureNames.Of(member.DecodeMethodSignature(_signatures, null)));
            case HandleKind.MethodSpecification:
                var generic = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                return Named(generic.Method).Concat(generic.DecodeSignature(_signatures, null).SelectMany(Types));
            case HandleKind.StandaloneSignature:
                var pointer = _metadata.GetStandaloneSignature((StandaloneSignatureHandle)handle);
                return Types(SignatureNames.Of(pointer.DecodeMethodSignature(_signatures, null)));
            default:
                return [];
        }
    }

    private IEnumerable<(string, string?)> Member(EntityHandle owner, StringHandle name, IEnumerable<string> signature)
    {
        var owners = _signatures.NamesOf(owner).ToList();
        return owners.Take(1).Select(o => (o, (string?)_metadata.GetString(name))).Concat(Types(owners.Skip(1).Concat(signature)));
    }

    private static IEnumerable<(string, string?)> Types(IEnumerable<string> names) => names.Select(n => (n, (string?)null));
}
