namespace GpuPlatform.Collector.Ollama.Telemetry;

/// <summary>Upper bounds of histograms. A model may load for minutes before its first token: the top ones must not end at ten seconds.</summary>
internal static class HistogramSteps
{
    /// <summary>Waits and durations, in seconds.</summary>
    public static double[] Seconds => [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1800];

    /// <summary>The same in milliseconds.</summary>
    public static double[] Milliseconds => [.. Seconds.Select(bound => bound * 1000)];

    /// <summary>Time per token, in seconds.</summary>
    public static double[] SecondsPerToken => [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5];

    /// <summary>Tokens per second.</summary>
    public static double[] TokensPerSecond => [1, 2.5, 5, 10, 20, 30, 40, 50, 75, 100, 150, 200, 300, 500, 1000];
}
