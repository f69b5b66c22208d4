namespace GpuPlatform.Benchmarks;

/// <summary>CPU time out of <c>/proc/PID/stat</c>, where the kernel counts it in hundredths of a second.</summary>
internal static class CpuClock
{
    private const int FirstTimeField = 11;

    /// <summary>Of this process and of its children that have ended and were waited for.</summary>
    public static TimeSpan SelfAndChildren() => Read("/proc/self/stat", fields: 4);

    /// <summary>Of another process, all its threads.</summary>
    public static TimeSpan Of(int pid) => Read($"/proc/{pid}/stat", fields: 2);

    /// <summary>Of the threads that another process has now, in nanoseconds (<c>/proc/PID/task/*/schedstat</c>): for stretches too short for hundredths.</summary>
    public static TimeSpan OfThreads(int pid)
    {
        long nanoseconds = 0;
        foreach (var thread in Directory.GetDirectories($"/proc/{pid}/task"))
        {
            try
            {
                nanoseconds += long.Parse(File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended
            }
        }
        return TimeSpan.FromTicks(nanoseconds / 100);
    }

    // The name in parentheses may hold anything; behind it the fields are numbers: state is the first, utime the twelfth
    private static TimeSpan Read(string path, int fields)
    {
        var text = File.ReadAllText(path);
        var values = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        long ticks = 0;
        for (var i = 0; i < fields; i++)
            ticks += long.Parse(values[FirstTimeField + i], System.Globalization.CultureInfo.InvariantCulture);
        return TimeSpan.FromMilliseconds(ticks * 10);
    }
}
