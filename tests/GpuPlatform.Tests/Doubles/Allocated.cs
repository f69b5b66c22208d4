namespace GpuPlatform.Tests.Doubles;

/// <summary>What a piece of work allocates on its thread.</summary>
internal static class Allocated
{
    private const int Tries = 5;

    /// <summary>
    /// Bytes of the best of a few tries: a collection that another test causes meanwhile counts the rest of this thread's buffer as used, up to 8 KB. What the
    /// work itself allocates comes every time.
    /// </summary>
    public static long Bytes(Action work)
    {
        var least = long.MaxValue;
        for (var count = 0; count < Tries && least > 0; count++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
