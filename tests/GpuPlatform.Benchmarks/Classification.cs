using System.Text.RegularExpressions;
using GpuPlatform.Classifier.RuleFiles;
using GpuPlatform.Classifier.Rules;
using GpuPlatform.Contracts;

namespace GpuPlatform.Benchmarks;

/// <summary>
/// The rules over the labelled examples beside them, on one core, against what such tools usually do: words looked up in the lower-case name and
/// command line, by Contains and by one compiled expression per kind. Speed alone is no merit here, so each says how many it gets right.
/// </summary>
internal static class Classification
{
    private static readonly (WorkloadKind Kind, string[] Words)[] Words =
    [
        (WorkloadKind.Mining, ["miner", "t-rex", "xmrig", "stratum", "nbminer"]),
        (WorkloadKind.LlmInference, ["ollama", "llama", "vllm", "sglang", "koboldcpp", "text-generation", "exllama", "lm-studio", "lmstudio", "tensorrt"]),
        (WorkloadKind.ImageGeneration, ["comfyui", "stable-diffusion", "invokeai", "fooocus", "webui", "diffusers"]),
        (WorkloadKind.MlTraining, ["train", "torchrun", "accelerate", "deepspeed", "axolotl", "finetune"]),
        (WorkloadKind.Rendering, ["blender", "unrealeditor", "maya", "houdini", "redshift", "octane", "unity"]),
        (WorkloadKind.Video, ["ffmpeg", "obs", "resolve", "mpv", "vlc", "handbrake", "kdenlive"]),
        (WorkloadKind.Browser, ["chrome", "firefox", "chromium", "msedge", "brave", "opera"]),
        (WorkloadKind.Desktop, ["xorg", "gnome-shell", "kwin", "dwm", "plasmashell", "xwayland", "explorer", "wallpaper"]),
        (WorkloadKind.Gaming, ["steam", "game", "wine", "proton", "pcsx2", "rpcs3", "dolphin", "duckstation", "minecraft", "roblox", "vr", "-shipping"]),
        (WorkloadKind.Compute, ["python", "gmx", "fahcore", "jupyter", "namd", "cuda"]),
    ];

    private static readonly (WorkloadKind Kind, Regex Pattern)[] Patterns =
        [.. Words.Select(entry => (entry.Kind, new Regex(string.Join('|', entry.Words.Select(Regex.Escape)), RegexOptions.Compiled | RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1))))];

    public static Task RunAsync()
    {
        var rules = BuiltInRules.Create();
        var examples = BuiltInRules.Read().SelectMany(file => file.Examples).Where(example => example.Kind is not null)
            .Select(example => (Kind: example.Kind!.Value, Process: example.Process.Observed)).ToList();
        var judges = new (string Name, Func<GpuProcessObserved, WorkloadKind> Judge)[]
        {
            ("rules", process => rules.Classify(ProcessEvidence.From(process)).Kind),
            ("Contains over words", ByContains),
            ("compiled expressions", ByPatterns),
        };
        return Comparison.RunAsync("classify", $"process of {examples.Count}", examples.Count, [.. judges.Select(judge =>
        {
            var right = examples.Count(example => judge.Judge(example.Process) == example.Kind);
            return new Contender($"{judge.Name} ({right} of {examples.Count} right)", () =>
            {
                foreach (var (_, process) in examples)
                    judge.Judge(process);
            });
        })]);
    }

    private static WorkloadKind ByContains(GpuProcessObserved process)
    {
        var text = TextOf(process).ToLowerInvariant();
        foreach (var (kind, words) in Words)
            foreach (var word in words)
                if (text.Contains(word, StringComparison.Ordinal))
                    return kind;
        return WorkloadKind.General;
    }

    private static WorkloadKind ByPatterns(GpuProcessObserved process)
    {
        var text = TextOf(process);
        foreach (var (kind, pattern) in Patterns)
            if (pattern.IsMatch(text))
                return kind;
        return WorkloadKind.General;
    }

    private static string TextOf(GpuProcessObserved process) =>
        $"{process.Name} {process.ExecutablePath} {string.Join(' ', process.CommandLine ?? [])}";
}
