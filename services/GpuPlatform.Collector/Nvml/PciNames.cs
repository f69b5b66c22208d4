namespace GpuPlatform.Collector.Nvml;

/// <summary>A GPU's marketing name from the list of PCI ids that most Linux systems have: all that is known of a GPU nobody may wake.</summary>
internal static class PciNames
{
    private const string Vendor = "10de";

    private static readonly string[] Files = ["usr/share/hwdata/pci.ids", "usr/share/misc/pci.ids"];

    /// <summary>For instance "NVIDIA GeForce RTX 3050 Mobile"; null when no list names the model.</summary>
    public static string? Find(string root, string? deviceId)
    {
        try
        {
            return deviceId is not null && Files.Select(file => Path.Combine(root, file)).FirstOrDefault(File.Exists) is { } file
                ? Find(File.ReadLines(file), deviceId) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // A vendor's line begins at the margin, its models' behind a tab, their variants' behind two
    private static string? Find(IEnumerable<string> lines, string deviceId) =>
        lines.SkipWhile(line => !line.StartsWith(Vendor, StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => line.StartsWith('\t') || line.StartsWith('#') || line.Length == 0)
            .FirstOrDefault(line => line.StartsWith($"\t{deviceId} ", StringComparison.Ordinal)) is { } model ? Marketing(model[5..].Trim()) : null;

    // "GA107M [GeForce RTX 3050 Mobile]": people know the name in brackets
    private static string? Marketing(string model)
    {
        var (begin, end) = (model.IndexOf('['), model.LastIndexOf(']'));
        var name = begin >= 0 && end > begin + 1 ? model[(begin + 1)..end] : model;
        return name.Length == 0 ? null : $"NVIDIA {name}";
    }
}
