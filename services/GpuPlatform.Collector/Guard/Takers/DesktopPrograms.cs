using System.Collections.Frozen;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>
/// The desktop itself, for when nobody says what a process is: a screen that is on must not keep the models away. Names as the kernel cuts them.
/// </summary>
internal static class DesktopPrograms
{
    // More than a window or two; games and models that draw so little do no harm
    private const long SmallBytes = 512L << 20;

    private static readonly FrozenSet<string> Names = new[]
    {
        "Xorg", "X", "Xwayland", "gnome-shell", "mutter-x11-fram", "gnome-control-c", "gdm-wayland-ses", "kwin_wayland", "kwin_x11", "plasmashell", "ksplashqml", "sddm-greeter",
        "sway", "swaybg", "Hyprland", "niri", "river", "wayfire", "labwc", "weston", "cosmic-comp", "xfwm4", "cinnamon", "budgie-wm", "picom", "lightdm", "mate-settings-d",
        "marco", "xdg-desktop-por", "dwm.exe", "explorer.exe", "ShellExperienceHost.exe", "SearchHost.exe", "StartMenuExperienceHost.exe", "TextInputHost.exe", "csrss.exe",
        // Steam's shaders and the engines' are made in the background, before a game or beside it
        "fossilize_repla", "ShaderCompileWo",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether the process is the desktop's, or so small that it may as well be.</summary>
    public static bool Has(GpuProcessObserved process, long? memoryBytes) =>
        (process.Name is { } name && Names.Contains(name))
        || (process.Context == GpuContext.Graphics && (memoryBytes is null or < SmallBytes));
}
