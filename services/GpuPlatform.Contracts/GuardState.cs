using System.Text.Json.Serialization;

namespace GpuPlatform.Contracts;

/// <summary>To whom a GPU belongs at the moment.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GuardState>))]
public enum GuardState
{
    /// <summary>Models may use it.</summary>
    [JsonStringEnumMemberName("serving")] Serving,

    /// <summary>Somebody else wants it: no new request begins, those under way end or are cancelled.</summary>
    [JsonStringEnumMemberName("draining")] Draining,

    /// <summary>The models are told to leave, and watched until their memory is free.</summary>
    [JsonStringEnumMemberName("evicting")] Evicting,

    /// <summary>It belongs to somebody else; requests wait, are refused or run on the processor.</summary>
    [JsonStringEnumMemberName("yielded")] Yielded,

    /// <summary>It is free again: models that were there before come back.</summary>
    [JsonStringEnumMemberName("warming")] Warming,
}

/// <summary>Why a GPU changes hands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GuardCause>))]
public enum GuardCause
{
    /// <summary>Something that this release does not know.</summary>
    [JsonStringEnumMemberName("unknown")] Unknown,

    /// <summary>A process took it, or the last such process is gone.</summary>
    [JsonStringEnumMemberName("process")] Process,

    /// <summary>A person said so, or the time that person gave is over.</summary>
    [JsonStringEnumMemberName("manual")] Manual,

    /// <summary>Feral's GameMode reports a game, or no longer does.</summary>
    [JsonStringEnumMemberName("game-mode")] GameMode,

    /// <summary>Quiet hours began or ended.</summary>
    [JsonStringEnumMemberName("quiet-hours")] QuietHours,

    /// <summary>The GPU is lost or reports errors on which nothing should run; or it answers again.</summary>
    [JsonStringEnumMemberName("fault")] Fault,

    /// <summary>A step was done: all streams ended, all models are gone, all are back.</summary>
    [JsonStringEnumMemberName("done")] Done,

    /// <summary>A step was not done in its time, and the next one was taken.</summary>
    [JsonStringEnumMemberName("timeout")] Timeout,

    /// <summary>The collector began while somebody had the GPU.</summary>
    [JsonStringEnumMemberName("start")] Start,

    /// <summary>The GPU is too hot, or cool again: only the throttle changed.</summary>
    [JsonStringEnumMemberName("heat")] Heat,
}

/// <summary>How much a hot GPU is spared.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ThrottleLevel>))]
public enum ThrottleLevel
{
    /// <summary>Not at all.</summary>
    [JsonStringEnumMemberName("none")] None,

    /// <summary>Few generations at a time.</summary>
    [JsonStringEnumMemberName("limited")] Limited,

    /// <summary>No new generation.</summary>
    [JsonStringEnumMemberName("held")] Held,
}
