namespace GpuPlatform.Collector.Processes;

/// <summary>User names by uid from <c>/etc/passwd</c>, read again only when the file changes. An unknown uid is its number.</summary>
internal sealed class UserNames(string root)
{
    private readonly string _path = Path.Combine(root, "etc/passwd");
    private Dictionary<uint, string> _names = [];
    private DateTime _readAt = DateTime.MinValue;

    public string NameOf(uint uid)
    {
        var changedAt = File.GetLastWriteTimeUtc(_path);
        if (changedAt != _readAt)
            (_names, _readAt) = (Read(), changedAt);
        return _names.TryGetValue(uid, out var name) ? name : uid.ToString();
    }

    private Dictionary<uint, string> Read()
    {
        var names = new Dictionary<uint, string>();
        try
        {
            foreach (var line in File.ReadLines(_path))
                if (line.Split(':') is [{ Length: > 0 } name, _, var uid, ..] && uint.TryParse(uid, out var number))
                    names.TryAdd(number, ProcessText.Clean(name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return names;
        }
        return names;
    }
}
