using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>How a kind of work is shown: its wire name is its label, its colour is the style sheet's <c>--kind-KEY</c>.</summary>
internal static class KindLabel
{
    public const string Unclassified = "not classified yet";

    public static string Of(WorkloadKind? kind) => kind switch
    {
        null => Unclassified,
        WorkloadKind.LlmInference => "llm-inference",
        WorkloadKind.MlTraining => "ml-training",
        WorkloadKind.ImageGeneration => "image-generation",
        _ => kind.Value.ToString().ToLowerInvariant(),
    };

    /// <summary>For what is over: no verdict will come any more.</summary>
    public static string Past(WorkloadKind? kind) => kind is null ? "not classified" : Of(kind);

    /// <summary>Name of the colour variable and of the style class.</summary>
    public static string Key(WorkloadKind? kind) => kind is null ? "unclassified" : Of(kind);

    /// <summary>A mark beside the colour, so that the colour is never the only carrier.</summary>
    public static string Glyph(WorkloadKind? kind) => kind switch
    {
        WorkloadKind.Gaming => "▲",
        WorkloadKind.LlmInference => "◆",
        WorkloadKind.MlTraining => "⬟",
        WorkloadKind.ImageGeneration => "✦",
        WorkloadKind.Rendering => "⬢",
        WorkloadKind.Video => "▶",
        WorkloadKind.Desktop => "▭",
        WorkloadKind.Browser => "◉",
        WorkloadKind.Compute => "∑",
        WorkloadKind.Mining => "⚒",
        WorkloadKind.General => "●",
        _ => "?",
    };
}
