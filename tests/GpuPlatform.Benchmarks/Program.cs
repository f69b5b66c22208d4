using GpuPlatform.Benchmarks;

// The local engine, which starts the servers of two of them, is for Unix.
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]

if (args is ["serve-yarp", var listen, var upstream])
{
    await YarpServer.RunAsync(new Uri(listen), new Uri(upstream));
    return 0;
}

(string Name, Func<Task> Run)[] known =
[
    ("sampler-tick", SamplerTick.RunAsync),
    ("process-stamp", ProcessStamps.RunAsync),
    ("drm-walk", DrmWalk.RunAsync),
    ("sockets", SocketLookUps.RunAsync),
    ("smi-sample", SmiSample.RunAsync),
    ("steady", SteadyState.RunAsync),
    ("soak", Soak.RunAsync),
    ("envelope", EnvelopeWriting.RunAsync),
    ("metrics-record", MetricsRecording.RunAsync),
    ("metrics-scrape", MetricsScrape.RunAsync),
    ("classify", Classification.RunAsync),
    ("ingest", Ingest.RunAsync),
    ("llm-storage", LlmStorage.RunAsync),
    ("spool", SpoolAppend.RunAsync),
    ("publish", Publishing.RunAsync),
    ("proxy", ProxyStreams.RunAsync),
    ("tap", TapReading.RunAsync),
    ("hand-over", HandOver.RunAsync),
];

var unknown = args.Where(name => !known.Any(benchmark => benchmark.Name == name)).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine($"Unknown: {string.Join(", ", unknown)}. Known are: {string.Join(", ", known.Select(benchmark => benchmark.Name))}.");
    return 2;
}

// The soak takes half an hour: only for whoever names it
foreach (var (_, run) in known.Where(benchmark => (args.Length == 0 && benchmark.Name != "soak") || args.Contains(benchmark.Name)))
    await run();
return 0;
