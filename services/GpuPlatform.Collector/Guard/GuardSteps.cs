using GpuPlatform.Collector.Guard.Eviction;
using GpuPlatform.Collector.Metrics;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>Does what the machine of a GPU wants, and tells of it: in a message, a span, a line in the log and the metrics.</summary>
internal sealed partial class GuardSteps(GuardParts parts, ServerGates gates)
{
    private readonly Dictionary<string, string> _problems = [];

    /// <summary>What could not be done, in words.</summary>
    public IEnumerable<string> Problems => _problems.Values;

    /// <summary>Notes what a change of state needs to know of the moment before the gates are set.</summary>
    public void Leave(GuardedGpu gpu, IReadOnlyList<ServerModels> servers, GuardState before)
    {
        gpu.WasWaitedFor = servers.Any(server => parts.Gate.HeldCount(server.Server.Name) > 0);
        if (before != GuardState.Serving) return;
        gpu.Spans.Begin(gpu.Machine.Demand?.TraceParent, gpu.Uuid, gpu.Machine.Demand!);
        (gpu.CancelledCount, gpu.MemoryUsedBeforeBytes) = (0, gpu.View?.Sample.MemoryUsedBytes);
        gpu.Models.Clear();
        foreach (var server in servers)
        {
            server.Forget();
            gpu.Models.AddRange(Known(server)?.Resident.Where(model => model.VramBytes != 0).Select(model => new ModelMemory(server.Server.Name, model.Name, model.ExpiresAt)) ?? []);
        }
    }

    /// <summary>Tells of a change of state.</summary>
    public void Tell(GuardedGpu gpu, IReadOnlyList<ServerModels> servers, GuardState before, Guid id, TimeSpan? inState)
    {
        var machine = gpu.Machine;
        gpu.ChangedAt = gpu.NextChangeAt(parts.Time.GetUtcNow());
        AddUnloaded(gpu, servers, machine.State);
        var change = Change(gpu, servers, before, id, machine.Cause, machine.Reason) with { InStateMs = inState?.TotalMilliseconds };
        using (gpu.Spans.Step(change)) parts.Publisher.Publish(change);
        if (machine.State is GuardState.Yielded or GuardState.Serving) gpu.Spans.EndRoot();
        parts.Metrics.Count(change);
        Log.Changed(parts.Logger, gpu.Index, WireWord.Of(before), WireWord.Of(machine.State), machine.Reason);
        if (machine.Problem is { } problem) Log.NotDone(parts.Logger, gpu.Index, problem);
        if (machine.State != GuardState.Serving) return;
        gpu.RunnerBytesBefore.Clear();
        _problems.Remove(gpu.Uuid);
    }

    /// <summary>Tells that somebody else has a GPU that stays given away. It is the same hand-over and the same state, which goes on.</summary>
    public void HolderChanged(GuardedGpu gpu, IReadOnlyList<ServerModels> servers)
    {
        var machine = gpu.Machine;
        var change = Change(gpu, servers, machine.State, machine.HandOverId!.Value, machine.Cause, machine.Reason) with { ChangedAt = gpu.NextChangeAt(parts.Time.GetUtcNow()) };
        using (gpu.Spans.Step(change)) parts.Publisher.Publish(change);
        Log.Passed(parts.Logger, gpu.Index, WireWord.Of(machine.State), machine.Reason);
    }

    /// <summary>Tells that a GPU is spared more or less than before.</summary>
    public void ThrottleChanged(GuardedGpu gpu, IReadOnlyList<ServerModels> servers)
    {
        var at = gpu.NextChangeAt(parts.Time.GetUtcNow());
        if (gpu.ThrottleId == Guid.Empty) gpu.ThrottleId = Guid.NewGuid();
        var reason = gpu.Throttle.Level == ThrottleLevel.None ? "the GPU is cool again" : gpu.Throttle.Reason;
        var state = gpu.Machine.State;
        parts.Publisher.Publish(Change(gpu, servers, state, gpu.Machine.HandOverId ?? gpu.ThrottleId, GuardCause.Heat, reason) with { ChangedAt = at });
        if (gpu.Throttle.Level == ThrottleLevel.None) gpu.ThrottleId = Guid.Empty;
        Log.Throttled(parts.Logger, gpu.Index, gpu.Throttle.Level, reason);
    }

    public void Do(GuardedGpu gpu, IReadOnlyList<ServerModels> servers, GuardAction action, TimeSpan now)
    {
        switch (action)
        {
            case GuardAction.Cancel:
                foreach (var server in servers) gpu.CancelledCount += parts.Gate.CancelRunning(server.Server.Name, gpu.Machine.Demand?.Reason ?? gpu.Machine.Reason);
                break;
            case GuardAction.Unload:
                gpu.UnloadAskedAt = now;
                foreach (var server in servers) server.Unload();
                break;
            case GuardAction.Terminate or GuardAction.Kill:
                Signal(gpu, servers, action == GuardAction.Kill);
                break;
            case GuardAction.Warm:
                Warm(gpu, servers);
                break;
        }
    }

    private void Signal(GuardedGpu gpu, IReadOnlyList<ServerModels> servers, bool kill)
    {
        foreach (var runner in servers.SelectMany(server => gpu.Own[server.Server.Name]).Where(process => process.IsRunner))
        {
            if (parts.Signals.Send(runner.Facts.Pid, runner.Facts.StartedAt, kill ? RunnerSignal.Kill : RunnerSignal.Terminate) is { } problem) _problems[gpu.Uuid] = problem;
        }
    }

    private void Warm(GuardedGpu gpu, IReadOnlyList<ServerModels> servers)
    {
        // Requests that waited bring the models they want, and another one first would keep them waiting
        if (!parts.Options.Warm || gpu.WasWaitedFor) return;
        var now = parts.Time.GetUtcNow();
        foreach (var server in servers.Where(server => gates.IsOpen(server.Server.Name)))
            server.Warm([.. gpu.Models.Where(model => model.Server == server.Server.Name && (model.ExpiresAt is null || model.ExpiresAt > now)).Select(model => model.Name).Distinct()]);
    }

    // The lists that are kept for others may be some seconds old
    private void AddUnloaded(GuardedGpu gpu, IReadOnlyList<ServerModels> servers, GuardState state)
    {
        if (state != GuardState.Yielded) return;
        foreach (var server in servers)
            foreach (var model in server.Unloaded.Where(name => !gpu.Models.Exists(one => one.Server == server.Server.Name && one.Name == name)))
                gpu.Models.Add(new ModelMemory(server.Server.Name, model, null));
        if (gpu.Machine.Cause == GuardCause.Done) parts.Metrics.CountEvictions(gpu.Models.Count);
    }

    private LlmServer? Known(ServerModels server) => parts.Llm.Current.FirstOrDefault(one => one.Name == server.Server.Name);

    private GuardChanged Change(GuardedGpu gpu, IReadOnlyList<ServerModels> servers, GuardState before, Guid id, GuardCause cause, string reason) => new()
    {
        NodeId = parts.NodeId, GpuUuid = gpu.Uuid, ChangedAt = gpu.ChangedAt, HandOverId = id, From = before, To = gpu.Machine.State, Throttle = gpu.Throttle.Level, Cause = cause,
        Reason = reason, Process = gpu.Machine.Demand?.Process, MemoryUsedBytes = gpu.View?.Sample.MemoryUsedBytes, MemoryUsedBeforeBytes = gpu.MemoryUsedBeforeBytes,
        CancelledCount = gpu.CancelledCount, HeldCount = servers.Sum(server => parts.Gate.HeldCount(server.Server.Name)), Models = [.. gpu.Models.Select(model => model.Name).Distinct()],
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "GPU {Index} was {Before}, is {State}: {Reason}")]
        public static partial void Changed(ILogger logger, int index, string before, string state, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "GPU {Index} stays {State}, now to another: {Reason}")]
        public static partial void Passed(ILogger logger, int index, string state, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "GPU {Index}: {Problem}")]
        public static partial void NotDone(ILogger logger, int index, string problem);

        [LoggerMessage(Level = LogLevel.Warning, Message = "GPU {Index} is spared ({Level}): {Reason}")]
        public static partial void Throttled(ILogger logger, int index, ThrottleLevel level, string reason);
    }
}
