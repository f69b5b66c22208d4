using GpuPlatform.Contracts;
using static GpuPlatform.Classifier.Rules.Match;

namespace GpuPlatform.Classifier.Rules.Tables;

/// <summary>Programs that come with games, drivers and model servers but are none of these themselves.</summary>
internal static class HelperRules
{
    /// <summary>Folders that Steam keeps beside games for its compatibility layers.</summary>
    private const string RuntimeFolder = @"/steamapps/common/(proton[^/]*|steamlinuxruntime[^/]*|steamworks shared|steam controller configs)/";

    public static readonly Rule[] Table =
    [
        new("general/wine-service", WorkloadKind.General, 0.95, "a service of Windows that Wine runs beside every program",
            All(UnderWine(), Named("services.exe", "winedevice.exe", "plugplay.exe", "explorer.exe", "svchost.exe", "rpcss.exe",
                "rundll32.exe", "conhost.exe", "tabtip.exe", "iexplore.exe", "start.exe", "winemenubuilder.exe", "wineboot.exe",
                "steam.exe", "xalia.exe"))),
        new("general/wine-server", WorkloadKind.General, 0.95, "Wine's own server", Named("wineserver", "wineserver64")),
        new("general/steam-runtime", WorkloadKind.General, 0.95, "a part of Steam's compatibility layer",
            All(InPath(RuntimeFolder), Not(All(UnderWine(), InPath(@"^z:/"))))),
        new("general/steam-helper", WorkloadKind.General, 0.95, "prepares games, is none",
            Named("reaper", "pv-bwrap", "pressure-vessel-wrap", "srt-bwrap", "steam-launch-wrapper", "steam-runtime-launcher-service",
                "fossilize_replay", "shadercompileworker", "shadercompileworker.exe", "iscriptevaluator.exe", "gameoverlayui",
                "gameoverlayui.exe", "vulkandriverquery", "vulkandriverquery64", "d3ddriverquery64.exe", "gldriverquery")),
        new("general/crash-or-anticheat", WorkloadKind.General, 0.9, "a helper that games bring along",
            NamedLike(@"^(easyanticheat.*|beservice(_x64)?\.exe|crashreportclient.*|crashreporter.*|vrmonitor(\.exe)?|"
                + @"unitycrashhandler(32|64)?(\.exe)?|cefsharp\.browsersubprocess\.exe|unrealcefsubprocess(\.exe)?|qtwebengineprocess(\.exe)?)$")),
        new("general/launcher", WorkloadKind.General, 0.9, "a launcher: it starts games, it is none",
            Named("steam", "steam.exe", "steamwebhelper", "steamwebhelper.exe", "epicgameslauncher.exe", "epicwebhelper.exe",
                "galaxyclient.exe", "galaxyclient helper.exe", "eadesktop.exe", "eabackgroundservice.exe", "origin.exe", "upc.exe",
                "uplaywebcore.exe", "ubisoftconnect.exe", "battle.net.exe", "riotclientservices.exe", "riotclientux.exe",
                "leagueclientuxrender.exe", "leagueclientux.exe", "leagueclient.exe", "xboxpcapp.exe", "redlauncher.exe",
                "redprelauncher.exe", "rsi launcher.exe", "socialclubhelper.exe", "launcher.exe", "heroic", "lutris", "bottles", "legendary",
                "gogdl", "prismlauncher", "multimc", "minecraft-launcher", "itch", "gamehub", "robloxplayerlauncher.exe")),
        new("general/ollama-discovery", WorkloadKind.General, 0.8, "Ollama asks what GPUs there are, no model is loaded",
            All(Named("llama-server"), Below("ollama"), Not(HasArgument(@"^(-m|--model)(=|$)")))),
        new("general/driver-tool", WorkloadKind.General, 0.9, "watches the GPU, does not use it",
            Named("nvidia-smi", "nvidia-smi.exe", "nvtop", "nvitop", "dcgm-exporter", "nv-hostengine", "nvidia-persistenced",
                "nvidia-settings", "cuda-gdb", "cuda-gdbserver", "nsys", "nsys-ui", "ncu", "ncu-ui", "btop", "mangohud", "glxinfo", "vulkaninfo")),
        new("general/virtual-machine", WorkloadKind.General, 0.8, "a virtual machine: what runs inside cannot be seen",
            NamedLike(@"^(qemu-system-.*|vmware-vmx.*|vboxheadless|virtualboxvm.*|looking-glass-client)$")),
    ];
}
