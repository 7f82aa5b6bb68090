// Every test starts processes that use all cores: two at a time would only wait for each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
