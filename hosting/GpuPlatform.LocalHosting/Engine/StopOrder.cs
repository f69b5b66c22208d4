namespace GpuPlatform.LocalHosting.Engine;

/// <summary>Dependents end before what they lean on.</summary>
internal static class StopOrder
{
    /// <summary>Waves of resources; those of one wave may end together.</summary>
    public static IEnumerable<IReadOnlyList<Resource>> Of(IEnumerable<Resource> resources)
    {
        var left = resources.ToList();
        while (left.Count > 0)
        {
            var wave = left.Where(resource => !left.Any(other => other != resource && Needs(other).Contains(resource))).ToList();
            // A circle has no first member: its members end together.
            if (wave.Count == 0) wave = [.. left];
            left.RemoveAll(wave.Contains);
            yield return wave;
        }
    }

    private static IEnumerable<Resource> Needs(Resource resource) =>
        resource.Waits.Concat(resource.References).SelectMany(needed => needed.Parent is { } parent ? (Resource[])[needed, parent] : [needed]);
}
