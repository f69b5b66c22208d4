namespace GpuPlatform.LocalHosting;

/// <summary>What every resource of the local engine carries.</summary>
public abstract class Resource(string name) : IResource
{
    /// <inheritdoc />
    public string Name { get; } = name;

    /// <summary>Resources that must be running, healthy and ready before this one starts.</summary>
    internal List<Resource> Waits { get; } = [];

    /// <summary>Resources that this one talks to: it is stopped before them.</summary>
    internal List<Resource> References { get; } = [];

    /// <summary>Evaluated when the resource starts, in the order of the calls in AppHost.cs.</summary>
    internal List<Action<IDictionary<string, string>>> Environment { get; } = [];

    /// <summary>Parts of an application that is not a process of its own, such as a database.</summary>
    internal virtual Resource? Parent => null;

    /// <summary>Where people and tests reach it; empty while it has no endpoint.</summary>
    internal virtual string Url => "";
}
