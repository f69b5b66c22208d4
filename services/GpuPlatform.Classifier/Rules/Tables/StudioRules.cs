using GpuPlatform.Contracts;
using static GpuPlatform.Classifier.Rules.Match;

namespace GpuPlatform.Classifier.Rules.Tables;

/// <summary>Rendering, video editing, encoding, streaming, playback.</summary>
internal static class StudioRules
{
    public static readonly Rule[] Table =
    [
        new("rendering/blender-job", WorkloadKind.Rendering, 0.97, "Blender renders without a window",
            All(Named("blender", "blender.exe"), HasArgument("^(-b|--background)$"))),
        new("rendering/blender", WorkloadKind.Rendering, 0.85, "Blender's window", Named("blender", "blender.exe", "blender-softwaregl")),
        new("rendering/renderer", WorkloadKind.Rendering, 0.93, "a known renderer",
            Any(Named("husk", "karma", "kick", "kick.exe", "redshiftcmdline", "redshiftcmdline.exe", "vray", "vray.exe", "vrayserver",
                "houdini", "houdinifx", "maya.bin", "maya.exe", "3dsmax.exe", "cinema 4d.exe", "c4d.exe", "katanabin", "prman", "luxcoreui", "d5.exe",
                "d5render.exe", "lumion.exe", "twinmotion.exe", "keyshot.exe", "enscape.exe"),
                NamedLike(@"^octane(server|render|node)?(\.exe)?$"))),
        new("rendering/game-editor", WorkloadKind.Rendering, 0.8, "an editor for 3D scenes",
            Named("unrealeditor", "unrealeditor.exe", "unrealeditor-cmd.exe", "ue4editor", "ue4editor.exe", "unity", "unity.exe",
                "godot", "godot4", "robloxstudiobeta.exe")),

        new("video/studio", WorkloadKind.Video, 0.93, "edits video",
            Any(InPath("/opt/resolve/bin/resolve$"), Named("resolve.exe", "kdenlive", "melt", "shotcut", "adobe premiere pro.exe", "afterfx.exe",
                "vegas.exe", "topaz video ai.exe", "flowblade", "davinci resolve"))),
        new("video/recorder", WorkloadKind.Video, 0.95, "records or streams the screen",
            Named("obs", "obs64.exe", "obs-ffmpeg-mux", "obs-ffmpeg-mux.exe", "obs-nvenc-test", "gpu-screen-recorder", "gpu-screen-recorder-gtk", "sunshine",
                "sunshine.exe", "nvsphelper64.exe", "nvcontainer.exe", "wf-recorder", "moonlight", "moonlight-qt")),
        new("video/ffmpeg", WorkloadKind.Video, 0.96, "ffmpeg with a GPU codec or filter",
            All(Named("ffmpeg", "ffmpeg.exe", "jellyfin-ffmpeg", "plex transcoder", "plex transcoder.exe", "tdarr-ffmpeg"),
                HasArgument(@"(nvenc|nvdec|cuvid|cuda|_npp|vaapi|vulkan|qsv)"))),
        new("video/transcoder", WorkloadKind.Video, 0.9, "a known transcoder",
            Named("handbrakecli", "handbrakecli.exe", "handbrake.exe", "ghb", "tdarr_node", "tdarr_server", "plex transcoder", "plex transcoder.exe",
                "nvencc64.exe", "nvencc", "staxrip.exe")),
        new("video/player", WorkloadKind.Video, 0.9, "plays video",
            Named("mpv", "mpv.exe", "vlc", "vlc.exe", "celluloid", "kodi", "kodi.bin", "kodi-x11", "totem", "showtime", "haruna", "smplayer", "mpc-hc64.exe")),
    ];
}
