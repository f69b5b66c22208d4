namespace GpuPlatform.Classifier.RuleFiles;

/// <summary>
/// A file that one at a time has open, of all processes of the host. The system lets go of it when its holder ends, however that ends. It is left
/// behind: whoever removed it might remove the one that another has just taken.
/// </summary>
internal static class FileLock
{
    // EWOULDBLOCK of Linux and of macOS; of Windows the violations of sharing and of a lock
    private const int LinuxHeld = 11, MacHeld = 35, WindowsShared = unchecked((int)0x80070020), WindowsLocked = unchecked((int)0x80070021);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(25);

    /// <summary>Waits until nobody else has it. To be disposed of when done.</summary>
    /// <exception cref="TimeoutException">Somebody else had it all the time.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static async Task<IDisposable> TakeAsync(string path, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (IsHeld(e))
            {
                if (time.GetElapsedTime(began) >= patience)
                    throw new TimeoutException($"Another process has held {path} for {patience.TotalSeconds:0.#} s; try again when it has ended.", e);
            }
            // Not all at the same instant again
            await Task.Delay(LongestPause * Random.Shared.NextDouble(), time, cancellation);
        }
    }

    private static bool IsHeld(IOException e) =>
        OperatingSystem.IsWindows() ? e.HResult is WindowsShared or WindowsLocked : e.HResult is LinuxHeld or MacHeld;
}
