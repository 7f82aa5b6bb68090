# The worker. Build it from the repository's root:
#   docker build -f deploy/docker/trial-worker.Dockerfile -t trial-worker .
# Where these two images cannot be had, others with the .NET 10 SDK and the ASP.NET 10 runtime serve as well.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0

FROM ${SDK} AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/TrialWorker -c Release -o /app -p:UseAppHost=true -p:DebugType=none

FROM ${RUNTIME}
COPY --from=build /app /app
ENV PATH=/app:$PATH DOTNET_EnableDiagnostics=0
# .tuning-worker/, data sets and checkpoints, lies where it is started.
WORKDIR /data
RUN chown 1654:1654 /data
USER 1654:1654
ENTRYPOINT ["trial-worker"]
