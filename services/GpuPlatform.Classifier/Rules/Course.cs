using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Rules;

/// <summary>How a process used the GPU over the last minutes.</summary>
internal enum Course
{
    /// <summary>Its kernels ran nearly all the time.</summary>
    Steady,

    /// <summary>Its kernels ran now and then.</summary>
    Bursts,

    /// <summary>Its memory grows.</summary>
    Growing,
}

/// <summary>What readings over time amount to. Less than two minutes of them amount to nothing.</summary>
internal static class Courses
{
    private const double LeastSeconds = 120;
    private const double SteadyPercent = 80, BurstsLeastPercent = 3, BurstsMostPercent = 60;
    private const long GrowthBytes = 256L << 20;
    private const double GrowthFactor = 1.25;

    public static bool Is(ProcessCourse? course, Course asked) => course is { SpanSeconds: >= LeastSeconds } && asked switch
    {
        Course.Steady => course.SmBusyPercent >= SteadyPercent,
        Course.Bursts => course.SmBusyPercent is >= BurstsLeastPercent and <= BurstsMostPercent,
        _ => course is { MemoryFirstBytes: { } first, MemoryLastBytes: { } last } && last - first >= GrowthBytes && last >= first * GrowthFactor,
    };

    public static string Words(Course course) => course switch
    {
        Course.Steady => "it has kept the GPU busy for minutes",
        Course.Bursts => "it uses the GPU in bursts",
        _ => "its memory has been growing for minutes",
    };
}
