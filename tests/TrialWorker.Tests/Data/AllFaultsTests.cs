using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;
using static TuningCluster.TrialWorker.Tests.Data.DataFiles;

namespace TuningCluster.TrialWorker.Tests.Data;

public sealed class AllFaultsTests
{
    [Fact]
    public void Target_split_and_columns_are_told_at_once() => Assert.Equal(
        ["data.target: 'data.csv' has no column 'z'", "data.split: 2 rows cannot be split into 3 parts", "data.source: no column is left to learn from beside the target"],
        AllRefused("a,b\n1,u\n1,u\n", Spec("z", test: 0.2)));

    [Fact]
    public void A_target_without_a_value_hides_no_split_that_is_too_fine() => Assert.Equal(
        ["data.target: every cell of 'y' is missing", "data.split: 3 rows cannot be split into 6 parts"],
        AllRefused("a,y\n1,\n2,\n3,\n", Spec() with { Split = new SplitSpec(0, 0.1, 1, false, 5) }));

    [Fact]
    public void Every_rare_class_is_named() => Assert.Equal(
        ["data.split: class 'v' has 1 row; 2 stratified parts need one each", "data.split: class 'w' has 1 row; 2 stratified parts need one each"],
        AllRefused("a,y\n1,u\n2,u\n3,v\n4,w\n", Spec(stratify: true)));

    [Fact]
    public void Every_column_of_decimal_commas_is_named() => Assert.Equal(
        ["data.source: column 'a' has numbers with a decimal comma ('1,5')", "data.source: column 'b' has numbers with a decimal comma ('0,1')"],
        AllRefused("a;b;y\n1,5;0,1;u\n2;3;v\n", Spec()));

    [Fact]
    public void Another_hash_than_the_study_file_gives_is_told_with_the_rest()
    {
        var folder = Directory.CreateTempSubdirectory("faults-");
        try
        {
            var path = Path.Combine(folder.FullName, "data.csv");
            File.WriteAllText(path, "a,y\n1,u\n2,v\n3,u\n");
            var hash = new DataInspector().Resolve(Spec(), path).Spec.Sha256;
            Assert.Equal(hash, new DataInspector().Resolve(Spec() with { Sha256 = hash }, path).Spec.Sha256);
            var errors = Assert.Throws<SpecException>(() => new DataInspector().Resolve(Spec("z") with { Sha256 = new string('a', 64) }, path)).Errors;
            Assert.Equal(["data.target", "data.sha256"], errors.Select(e => e.Path));
            Assert.Equal($"the contents of 'data.csv' have another hash: {hash}", errors[1].Problem);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
