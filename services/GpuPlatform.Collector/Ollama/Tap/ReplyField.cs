using System.Text;

namespace GpuPlatform.Collector.Ollama.Tap;

/// <summary>A place in a document that means something, or on the way to one.</summary>
internal sealed class ReplyField
{
    private readonly byte[] _name;
    private readonly List<ReplyField> _members = [];

    private ReplyField(string name) => _name = Encoding.UTF8.GetBytes(name);

    public ReplyValue Value { get; private set; }

    /// <summary>The items, where this is an array that is looked into.</summary>
    public ReplyField? Items { get; private set; }

    public bool HasMembers => _members.Count > 0;

    /// <summary>The document with these places, such as <c>choices[].delta.content</c>.</summary>
    public static ReplyField Document(params ReadOnlySpan<(string Path, ReplyValue Value)> places)
    {
        var document = new ReplyField("");
        foreach (var (path, value) in places)
        {
            var field = document;
            foreach (var name in path.Replace("[]", ".[]", StringComparison.Ordinal).Split('.'))
                field = name == "[]" ? field.Items ??= new ReplyField(name) : field.GetOrAdd(name);
            field.Value = value;
        }
        return document;
    }

    /// <summary>The member of that name; null when it means nothing.</summary>
    public ReplyField? Find(ReadOnlySpan<byte> name)
    {
        foreach (var member in _members)
        {
            if (member._name.AsSpan().SequenceEqual(name)) return member;
        }
        return null;
    }

    private ReplyField GetOrAdd(string name)
    {
        if (Find(Encoding.UTF8.GetBytes(name)) is { } known) return known;
        var member = new ReplyField(name);
        _members.Add(member);
        return member;
    }
}
