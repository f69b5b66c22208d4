using GpuPlatform.Contracts;
using static GpuPlatform.Classifier.Rules.Match;

namespace GpuPlatform.Classifier.Rules.Tables;

/// <summary>Games and emulators, strongest signal first.</summary>
internal static class GameRules
{
    private const string WindowsSystem = "/(windows|winxp)/(system32|syswow64)/";
    private static readonly Matcher Draws = WithContext(GpuContext.Graphics, GpuContext.ComputeAndGraphics);

    public static readonly Rule[] Table =
    [
        new("gaming/vr", WorkloadKind.Gaming, 0.85, "a VR runtime",
            Named("vrserver", "vrserver.exe", "vrcompositor", "vrcompositor.exe", "monado-service", "wivrn-server", "alvr_dashboard")),
        new("gaming/emulator", WorkloadKind.Gaming, 0.93, "an emulator",
            Any(Named("rpcs3", "rpcs3.exe", "pcsx2", "pcsx2-qt", "pcsx2-qt.exe", "dolphin-emu", "dolphin-emu-nogui", "dolphin.exe", "cemu", "cemu.exe",
                "ryujinx", "ryujinx.exe", "yuzu", "yuzu.exe", "eden", "citron", "suyu", "shadps4", "retroarch", "retroarch.exe", "xemu", "xemu.exe",
                "xenia", "xenia.exe", "xenia_canary.exe", "mame", "mame64", "scummvm", "melonds", "mgba-qt",
                "snes9x-gtk", "vita3k", "azahar", "citra-qt", "lime3ds"),
                NamedLike(@"^(ppsspp|duckstation).*$"))),
        new("gaming/steam-cgroup", WorkloadKind.Gaming, 0.98, "Steam put it in a game's control group",
            InControlGroup(@"app-steam-(app)?\d+(-\d+)?\.scope|steam-app-\d+\.scope")),
        new("gaming/steam-path", WorkloadKind.Gaming, 0.96, "it is installed as a Steam game",
            All(InPath("/steamapps/common/[^/]+/"), Not(InPath(WindowsSystem)))),
        new("gaming/steam-reaper", WorkloadKind.Gaming, 0.9, "Steam started it", All(Below("reaper"), Below("steam"), Draws)),
        new("gaming/proton", WorkloadKind.Gaming, 0.9, "Proton runs it",
            All(UnderWine(), Any(Below("proton", "umu-run", "pv-bwrap", "srt-bwrap"), InPath("/compatdata/")), Not(InPath(WindowsSystem)))),
        new("gaming/launcher-child", WorkloadKind.Gaming, 0.88, "a game launcher started it",
            All(Below("heroic", "lutris", "lutris-wrapper", "bottles", "bottles-cli", "umu-run", "legendary", "gogdl", "itch"),
                Draws, Not(InPath(WindowsSystem)))),
        new("gaming/wine-games-folder", WorkloadKind.Gaming, 0.8, "a Windows program in a folder of games",
            All(UnderWine(), InPath("/games/[^/]+/"), Not(InPath(WindowsSystem)))),
        new("gaming/engine-name", WorkloadKind.Gaming, 0.95, "named as game engines name shipped games",
            NamedLike(@"-(win64|wingdk|winstore|linux)-shipping(\.exe)?$")),
        new("gaming/unity-name", WorkloadKind.Gaming, 0.75, "named as Unity and Godot name exported games, and it draws",
            All(NamedLike(@"\.x86_64$"), Draws)),
        new("gaming/windows-store-folder", WorkloadKind.Gaming, 0.93, "it is installed in a game store's folder",
            InPath("^[a-z]:/(.*/)?(epic games/|xboxgames/|gog galaxy/games/|gog games/|riot games/|ea games/|ubisoft game launcher/games/)")),
        new("gaming/minecraft", WorkloadKind.Gaming, 0.97, "Minecraft",
            All(WrittenIn("java"), HasArgument(@"(net\.minecraft\.|\.minecraft[/;:]|prismlauncher|cpw\.mods\.bootstraplauncher|net\.fabricmc\.loader)"))),
        new("gaming/known", WorkloadKind.Gaming, 0.95, "a known game",
            Named("robloxplayerbeta.exe", "league of legends.exe", "cs2", "cs2.exe", "dota2", "dota2.exe", "factorio", "minetest", "luanti", "supertuxkart",
                "0ad", "pyrogenesis", "hl2_linux", "valheim.x86_64", "osu!", "osu!.exe", "wow.exe", "overwatch.exe", "minecraft.windows.exe", "sober")),
    ];
}
