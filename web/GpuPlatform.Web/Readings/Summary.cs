using GpuPlatform.Contracts;
using GpuPlatform.Web.Feed;

namespace GpuPlatform.Web.Readings;

/// <summary>What the GPUs are doing and who makes them do it, in words. Says only what was reported.</summary>
internal static class Summary
{
    private const int GpusNamed = 3;
    private const int ProcessesNamed = 3;

    // Whoever holds less is told with the others: the sentence is about what matters
    private const double SmallShare = 0.05;

    public static string Of(IReadOnlyList<NodeSnapshot> nodes, DateTimeOffset now)
    {
        if (nodes.Count == 0) return "No node has reported yet, so nothing can be said.";
        var fresh = nodes.Where(node => !node.Stale).ToList();
        if (fresh.Count == 0) return Silent(nodes, now);
        var gpus = (from node in fresh from gpu in GpuTree.Whole(node) select (Node: node, Gpu: FreshDetails.Of(gpu, node.GpusSampledAt)))
            .OrderByDescending(each => Rank(each.Gpu)).ToList();
        if (gpus.Count == 0) return fresh.Count == 1 ? $"{fresh[0].NodeId} reports no GPU." : "None of the nodes reports a GPU.";

        // The busiest are named first, because they are what the question is about; before them only those that want help
        var severalNodes = nodes.Count > 1;
        var sentences = gpus.Take(GpusNamed).Select(each => Sentence(each.Node, each.Gpu, severalNodes)).ToList();
        sentences.AddRange(Rest([.. gpus.Skip(GpusNamed).Select(each => each.Gpu)]));
        var stale = nodes.Where(node => node.Stale).ToList();
        if (stale.Count > 0) sentences.Add(Silent(stale, now));
        return string.Join(" ", sentences);
    }

    private static double Rank(GpuSample gpu) => gpu.State is GpuState.Sleeping ? -2
        : GpuStateWords.Answers(gpu) ? gpu.UtilizationPercent ?? -1
        : double.MaxValue;

    private static IEnumerable<string> Rest(IReadOnlyList<GpuSample> gpus)
    {
        var asleep = gpus.Count(gpu => gpu.State is GpuState.Sleeping);
        var failing = gpus.Count(gpu => gpu.State is not GpuState.Sleeping && !GpuStateWords.Answers(gpu));
        if (failing > 0) yield return $"{Count(failing, "more GPU")} not answering.";
        if (gpus.Count - asleep - failing is > 0 and var others) yield return $"{Count(others, "more GPU")} less busy.";
        if (asleep > 0) yield return $"{Count(asleep, "more GPU")} asleep.";
    }

    private static string Silent(IReadOnlyList<NodeSnapshot> nodes, DateTimeOffset now) => nodes.Count == 1
        ? $"{nodes[0].NodeId} was last heard {Age.Ago(nodes[0].LastSeenAt, now)}; what it does now cannot be told."
        : $"{nodes.Count} nodes are silent; what they do now cannot be told.";

    private static string Sentence(NodeSnapshot node, GpuSample gpu, bool nameNode)
    {
        var name = GpuLabel.OnNode(gpu, node, nameNode);
        if (!GpuStateWords.Answers(gpu)) return $"{name} {GpuStateWords.Predicate(gpu)}.";
        return $"{name} {Load(gpu.UtilizationPercent)}{FanWords.Clause(gpu)}: {Holders(node, gpu)}.";
    }

    private static string Load(double? percent) => percent switch
    {
        null => "does not report how busy it is",
        <= 5 => $"is idle at {Quantity.Percent(percent)}",
        < 50 => $"is at {Quantity.Percent(percent)}",
        _ => $"is busy at {Quantity.Percent(percent)}",
    };

    private static string Holders(NodeSnapshot node, GpuSample gpu)
    {
        var processes = GpuTree.Processes(node, gpu)
            .OrderByDescending(process => process.MemoryUsedBytes ?? -1).ToList();
        if (processes.Count == 0)
            return gpu.UtilizationPercent > 5 ? "the driver lists no process, so who uses it cannot be told" : "no process is on it";
        // Who makes it work comes first while it works, else who keeps its memory
        var isWorking = gpu.UtilizationPercent > 5 && processes.Exists(process => process.SmPercent > 0) && IsExplained(gpu, processes);
        if (isWorking) processes = [.. processes.OrderByDescending(process => process.SmPercent ?? -1)];
        var total = processes.Sum(process => (double)(process.MemoryUsedBytes ?? 0));
        var named = processes.TakeWhile((process, i) => i == 0
            || (i < ProcessesNamed && (!(process.MemoryUsedBytes < total * SmallShare) || (isWorking && process.SmPercent > 100 * SmallShare)))).ToList();
        var phrases = named.Select((process, i) => Holder(process, isWorking, i == 0)).ToList();
        if (processes.Count > named.Count) phrases.Add(Others([.. processes.Skip(named.Count)]));
        return string.Join("; ", phrases);
    }

    // The share of one that has just come is told with the next list only, and the others' are then not what makes the GPU work
    private static bool IsExplained(GpuSample gpu, List<GpuProcess> processes) =>
        processes.TrueForAll(process => process.SmPercent is not null) || processes.Sum(process => process.SmPercent) >= gpu.UtilizationPercent / 2;

    private static string Others(IReadOnlyList<GpuProcess> processes)
    {
        var who = processes.Count == 1 ? "1 other" : $"{processes.Count} others";
        return processes.All(process => process.MemoryUsedBytes is not null)
            ? $"{who} {(processes.Count == 1 ? "uses" : "use")} {Quantity.Bytes(processes.Sum(process => (double)process.MemoryUsedBytes!.Value))}"
            : $"{who} {(processes.Count == 1 ? "runs" : "run")} on it";
    }

    private static string Holder(GpuProcess process, bool isWorking, bool isFirst)
    {
        var who = $"{process.Name ?? $"process {process.Pid}"} ({KindLabel.Of(process.Kind)})";
        var time = isWorking && process.SmPercent > 0 ? $"takes {Quantity.Percent(process.SmPercent)}{(isFirst ? " of the GPU's time" : "")}" : null;
        if (process.MemoryUsedBytes is not { } bytes) return $"{who} {time ?? "runs on it"}";
        var verb = process.Kind is WorkloadKind.LlmInference ? "holds" : "uses"; // a loaded model keeps its memory while it is asked nothing
        return $"{who} {(time is null ? "" : $"{time} and ")}{verb} {Quantity.Bytes(bytes)}";
    }

    private static string Count(int count, string noun) => count == 1 ? $"{count} {noun} is" : $"{count} {noun}s are";
}
