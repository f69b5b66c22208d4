using GpuPlatform.Contracts;
using static GpuPlatform.Classifier.Rules.Match;

namespace GpuPlatform.Classifier.Rules.Tables;

/// <summary>Display servers, compositors, shells.</summary>
internal static class DesktopRules
{
    public static readonly Rule[] Table =
    [
        new("desktop/compositor", WorkloadKind.Desktop, 0.97, "draws the desktop",
            Named("xorg", "xorg.bin", "x", "xwayland", "gnome-shell", "mutter", "mutter-x11-frames", "kwin_wayland", "kwin_x11", "plasmashell",
                "ksmserver", "krunner", "ksplashqml", "sway", "hyprland", "niri", "river", "weston", "cosmic-comp", "labwc", "wayfire",
                "xfwm4", "picom", "compton", "cinnamon", "muffin", "marco", "budgie-wm", "gala", "i3", "openbox", "gnome-control-center",
                "gdm-x-session", "gdm-wayland-session", "sddm-greeter", "sddm-greeter-qt6", "lightdm-gtk-greeter", "gnome-remote-desktop-daemon")),
        new("desktop/portal", WorkloadKind.Desktop, 0.9, "serves the desktop", NamedLike(@"^xdg-desktop-por(tal.*)?$")),
        new("desktop/windows", WorkloadKind.Desktop, 0.95, "part of the Windows desktop",
            Named("dwm.exe", "explorer.exe", "shellexperiencehost.exe", "startmenuexperiencehost.exe", "searchhost.exe",
                "textinputhost.exe", "csrss.exe", "lockapp.exe", "applicationframehost.exe", "systemsettings.exe", "logonui.exe")),
        new("desktop/wallpaper", WorkloadKind.Desktop, 0.9, "draws the wallpaper",
            Any(InPath(@"/steamapps/common/wallpaper_engine/"), Named("linux-wallpaperengine", "wallpaper32.exe", "wallpaper64.exe", "mpvpaper"))),
        // With a program after "--" gamescope is that game's window, not the session.
        new("gaming/gamescope", WorkloadKind.Gaming, 0.85, "gamescope shows one game",
            All(Named("gamescope", "gamescope-wl"), HasArgument("^--$"), Not(HasArgument("^(-e|--steam)$")))),
        new("desktop/gamescope-session", WorkloadKind.Desktop, 0.85, "gamescope is the session", Named("gamescope", "gamescope-wl", "gamescopereaper")),
    ];
}
