# The command line and the coordinator. Build it from the repository's root:
#   docker build -f deploy/docker/tuning.Dockerfile -t tuning .
# Where these two images cannot be had, others with the .NET 10 SDK and the ASP.NET 10 runtime serve as well.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0

FROM ${SDK} AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/Coordinator -c Release -o /app -p:UseAppHost=true -p:DebugType=none

FROM ${RUNTIME}
COPY --from=build /app /app
ENV PATH=/app:$PATH DOTNET_EnableDiagnostics=0
# .tuning/, the store of a coordinator without a database, lies where it is started.
WORKDIR /data
RUN chown 1654:1654 /data
USER 1654:1654
ENTRYPOINT ["tuning"]
