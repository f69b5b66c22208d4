using GpuPlatform.Contracts;
using static GpuPlatform.Classifier.Rules.Match;

namespace GpuPlatform.Classifier.Rules.Tables;

/// <summary>Browsers, and the applications that are browsers inside.</summary>
internal static class BrowserRules
{
    public static readonly Rule[] Table =
    [
        new("browser/known", WorkloadKind.Browser, 0.95, "a web browser",
            Any(Named("chrome", "chrome.exe", "google-chrome", "chromium", "chromium-browser", "chromium.exe", "brave", "brave.exe", "brave-browser",
                "msedge", "msedge.exe", "vivaldi", "vivaldi-bin", "vivaldi.exe", "opera", "opera.exe", "firefox", "firefox.exe",
                "firefox-bin", "firefox-esr", "librewolf", "waterfox", "zen", "zen-bin", "floorp", "thorium", "epiphany", "falkon",
                "webkitwebprocess", "webkitgpuprocess", "konqueror"),
                NamedLike(@"^(isolated web co|web content|privileged cont|rdd process|socket process)$"))),
        new("general/electron-known", WorkloadKind.General, 0.9, "an application built on a browser engine",
            Named("code", "code.exe", "code-insiders", "codium", "cursor", "discord", "discord.exe", "vesktop", "slack", "slack.exe", "teams",
                "teams-for-linux", "ms-teams.exe", "obsidian", "obsidian.exe", "spotify", "spotify.exe", "signal-desktop", "element-desktop",
                "msedgewebview2.exe", "whatsapp.exe", "notion.exe", "thunderbird", "1password", "zoom", "zoom.exe", "telegram-desktop")),
    ];
}
