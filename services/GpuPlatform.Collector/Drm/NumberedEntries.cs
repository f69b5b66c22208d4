using System.IO.Enumeration;

namespace GpuPlatform.Collector.Drm;

/// <summary>The entries of a folder whose names are numbers: processes, open files. A folder that is gone or closed to this user has none.</summary>
internal sealed class NumberedEntries(string folder) : FileSystemEnumerator<int>(folder, Options)
{
    private static readonly EnumerationOptions Options = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    /// <summary>True when the folder may not be read by this user.</summary>
    public bool WasDenied { get; private set; }

    protected override bool ShouldIncludeEntry(ref FileSystemEntry entry) => int.TryParse(entry.FileName, out var number) && number >= 0;

    protected override int TransformEntry(ref FileSystemEntry entry) => int.Parse(entry.FileName);

    // Called by the constructor above, too: the property must not have an initial value
    protected override bool ContinueOnError(int error)
    {
        WasDenied |= error is PosixNative.AccessDenied or PosixNative.NotPermitted;
        return true;
    }
}
