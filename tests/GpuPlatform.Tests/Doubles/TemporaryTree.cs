namespace GpuPlatform.Tests.Doubles;

/// <summary>A folder to stand for the root of a host's file system; gone afterwards.</summary>
internal sealed class TemporaryTree : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("gpuplatform-").FullName;

    public void Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    public void Write(string path, byte[] bytes)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
    }

    public void Link(string path, string target)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.CreateSymbolicLink(full, target);
    }

    public void Remove(string path) => Directory.Delete(Path.Combine(Root, path), recursive: true);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
