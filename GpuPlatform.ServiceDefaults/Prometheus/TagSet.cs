namespace GpuPlatform.ServiceDefaults.Prometheus;

/// <summary>The tags that tell one series of an instrument from another; their order does not matter.</summary>
internal sealed class TagSet(ReadOnlySpan<KeyValuePair<string, object?>> tags)
{
    private readonly KeyValuePair<string, object?>[] _tags = tags.ToArray();

    public ReadOnlySpan<KeyValuePair<string, object?>> Tags => _tags;
}

/// <summary>Finds a series by the span of tags that a measurement carries, so that nothing is allocated for a known one.</summary>
internal sealed class TagSetComparer : IEqualityComparer<TagSet>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, TagSet>
{
    public static readonly TagSetComparer Instance = new();

    public TagSet Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => new(alternate);

    public bool Equals(TagSet? x, TagSet? y) => x is null ? y is null : y is not null && Equals(x.Tags, y);

    public int GetHashCode(TagSet obj) => GetHashCode(obj.Tags);

    public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
    {
        var hash = alternate.Length;
        foreach (var tag in alternate) hash += HashCode.Combine(tag.Key, tag.Value);
        return hash;
    }

    public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, TagSet other)
    {
        var tags = other.Tags;
        if (tags.Length != alternate.Length) return false;
        for (var i = 0; i < tags.Length; i++)
        {
            if (Same(tags[i], alternate[i])) continue;
            // Another order, or another set: count each tag on both sides, since a key may occur twice.
            foreach (var tag in alternate[i..])
            {
                if (Count(tags[i..], tag) != Count(alternate[i..], tag)) return false;
            }

            return true;
        }

        return true;
    }

    private static int Count(ReadOnlySpan<KeyValuePair<string, object?>> tags, KeyValuePair<string, object?> tag)
    {
        var count = 0;
        foreach (var other in tags) count += Same(other, tag) ? 1 : 0;
        return count;
    }

    private static bool Same(KeyValuePair<string, object?> left, KeyValuePair<string, object?> right) =>
        left.Key == right.Key && Equals(left.Value, right.Value);
}
