using System.Diagnostics;
using GpuPlatform.Collector.Processes;
using GpuPlatform.Collector.Processes.Steam;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;

namespace GpuPlatform.Tests.Collector.Processes.Steam;

public sealed class SteamLibrariesTests : IDisposable
{
    private const string Steam = "home/anna/.local/share/Steam/steamapps";
    private readonly TemporaryTree _tree = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly SteamLibraries _libraries;

    public SteamLibrariesTests()
    {
        _libraries = new SteamLibraries(_tree.Root, _clock, NullLogger<SteamLibraries>.Instance);
        _tree.Write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nkim:x:1001:1001::/srv/homes/kim:/bin/sh\nbroken\nnobody:x:65534:65534:nobody:relative:/bin/false\n");
        Manifest(Steam, 367520, "Hollow Knight", "Hollow Knight");
    }

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("/home/anna/.local/share/Steam/steamapps/common/Hollow Knight/hollow_knight.x86_64")]
    [InlineData("Z:\\home\\anna\\.local\\share\\Steam\\steamapps\\common\\Hollow Knight\\hollow_knight.exe")]
    [InlineData("z:\\HOME\\anna\\.local\\share\\Steam\\SteamApps\\common\\hollow knight\\x.exe")]
    [InlineData("S:\\common\\Hollow Knight\\hollow_knight.exe")]
    public async Task A_program_in_a_games_folder_is_that_game(string path)
    {
        Assert.Equal("Hollow Knight", await Find(new ProcessFacts { ExecutablePath = path }));
        Assert.Equal("Hollow Knight", await Find(new ProcessFacts { ExecutablePath = "/usr/bin/wine64-preloader", CommandLine = [path, "-x"] }));
        Assert.Equal("Hollow Knight", await Find(new ProcessFacts { CommandLine = ["C:\\windows\\x.exe"], WorkingDirectory = path }));
    }

    [Theory]
    [InlineData("/home/anna/.local/share/Steam/steamapps/common/Hollow Knight 2/x")]
    [InlineData("/home/anna/.local/share/Steam/steamapps/common/")]
    [InlineData("/home/anna/Hollow Knight/x")]
    [InlineData("")]
    public async Task Another_folder_is_no_game_of_steams(string path) => Assert.Null(await Find(new ProcessFacts { ExecutablePath = path }));

    [Fact]
    public async Task A_file_of_a_game_that_another_program_opens_makes_it_no_game() =>
        Assert.Null(await Find(new ProcessFacts { ExecutablePath = "/usr/bin/vim", CommandLine = ["vim", $"/{Steam}/common/Hollow Knight/config.ini"] }));

    [Theory]
    [InlineData("home/eva/.steam/debian-installation/steamapps")]
    [InlineData("home/eva/.var/app/com.valvesoftware.Steam/.local/share/Steam/steamapps")]
    [InlineData("home/eva/snap/steam/common/.local/share/Steam/steamapps")]
    [InlineData("srv/homes/kim/.steam/steam/steamapps")]
    [InlineData("root/.local/share/Steam/steamapps")]
    public async Task Every_users_and_every_packages_steam_is_found(string library)
    {
        Manifest(library, 588650, "Dead Cells", "Dead Cells");
        Assert.Equal("Dead Cells", await Find(In("Dead Cells")));
    }

    [Fact]
    public async Task Libraries_on_other_disks_are_found_in_both_forms_of_the_file()
    {
        _tree.Write($"{Steam}/libraryfolders.vdf", """
            "libraryfolders" { "0" { "path" "/home/anna/.local/share/Steam" } "1" { "path" "/mnt/new" "apps" { "1" "2" } } "2" "/mnt/old" "3" "relative" "contentstatsid" "/mnt/never" }
            """);
        Manifest("mnt/new/steamapps", 1, "New", "New Game");
        Manifest("mnt/old/steamapps", 2, "Old", "Old Game");
        Manifest("mnt/never/steamapps", 3, "Never", "Never Game");
        Assert.Equal(("New", "Old", null), (await Find(In("New Game")), await Find(In("Old Game")), await Find(In("Never Game"))));
    }

    [Theory]
    [InlineData("Proton 9.0 (Beta)")]
    [InlineData("SteamLinuxRuntime_sniper")]
    [InlineData("Steamworks Shared")]
    public async Task What_games_are_run_with_is_no_game(string folder)
    {
        Manifest(Steam, 1493710, folder, folder);
        Assert.Null(await Find(In(folder)));
    }

    [Fact]
    public async Task Of_games_that_share_a_folder_the_environment_tells_which()
    {
        Manifest(Steam, 420, "Episode Two", "Half-Life 2");
        Manifest(Steam, 220, "Half-Life 2", "Half-Life 2");
        Assert.Equal("Half-Life 2", await Find(In("Half-Life 2")));
        Assert.Equal("Episode Two", await Find(In("Half-Life 2") with { Environment = new Dictionary<string, string> { ["SteamAppId"] = "420" } }));
    }

    [Theory]
    [InlineData("\"AppState\" { \"appid\" \"x\" \"name\" \"n\" \"installdir\" \"Bad\" }")]
    [InlineData("\"AppState\" { \"appid\" \"-1\" \"name\" \"n\" \"installdir\" \"Bad\" }")]
    [InlineData("\"AppState\" { \"appid\" \"5\" \"name\" \"\" \"installdir\" \"Bad\" }")]
    [InlineData("\"AppState\" { \"appid\" \"5\" \"name\" \"n\" \"installdir\" \"Bad\"")]
    [InlineData("\"AppState\" \"Bad\"")]
    public async Task A_damaged_manifest_costs_only_its_own_game(string text)
    {
        _tree.Write($"{Steam}/appmanifest_5.acf", text);
        Assert.Equal((null, "Hollow Knight"), (await Find(In("Bad")), await Find(In("Hollow Knight"))));
    }

    [Fact]
    public async Task Links_pipes_and_giants_are_not_read_and_names_are_cleaned()
    {
        _tree.Write("secret", "\"AppState\" { \"appid\" \"6\" \"name\" \"n\" \"installdir\" \"Linked\" }");
        _tree.Link($"{Steam}/appmanifest_6.acf", Path.Combine(_tree.Root, "secret"));
        _tree.Write($"{Steam}/appmanifest_7.acf", "\"AppState\" { \"appid\" \"7\" \"name\" \"n\" \"installdir\" \"Giant\" \"x\" \"" + new string('x', 2 << 20) + "\" }");
        if (OperatingSystem.IsLinux())
            Process.Start("mkfifo", Path.Combine(_tree.Root, Steam, "appmanifest_8.acf"))!.WaitForExit();
        Manifest(Steam, 9, "a\u001b" + new string('n', 500), "Long");
        Assert.Equal((null, null), (await Find(In("Linked")), await Find(In("Giant"))));
        Assert.InRange((await Find(In("Long")))!.Length, 1, 129);
        Assert.StartsWith("a n", await Find(In("Long")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_installed_later_is_found_at_the_next_look_and_not_before()
    {
        Assert.Null(await Find(In("Celeste")));
        Manifest(Steam, 504230, "Celeste", "Celeste");
        Directory.SetLastWriteTimeUtc(Path.Combine(_tree.Root, Steam), DateTime.UtcNow.AddMinutes(1));
        Assert.Null(await Find(In("Celeste")));
        _clock.Advance(SteamLibraries.RefreshInterval);
        Assert.Equal("Celeste", await Find(In("Celeste")));
        _tree.Remove(Steam);
        _clock.Advance(SteamLibraries.RefreshInterval);
        Assert.Null(await Find(In("Celeste")));
    }

    [Fact]
    public async Task A_manifest_that_was_being_written_is_read_again_though_its_folder_has_not_changed()
    {
        _tree.Write($"{Steam}/appmanifest_504230.acf", "\"AppState\" {");
        var changedAt = Directory.GetLastWriteTimeUtc(Path.Combine(_tree.Root, Steam));
        Assert.Null(await Find(In("Celeste")));
        Manifest(Steam, 504230, "Celeste", "Celeste");
        Directory.SetLastWriteTimeUtc(Path.Combine(_tree.Root, Steam), changedAt);
        _clock.Advance(SteamLibraries.RefreshInterval);
        Assert.Equal("Celeste", await Find(In("Celeste")));
    }

    [Fact]
    public void Nothing_is_read_for_a_process_that_is_in_no_library()
    {
        Assert.Null(_libraries.Find(new ProcessFacts { ExecutablePath = "/usr/bin/python3" }, out var mayCome));
        Assert.False(mayCome || _libraries.IsRefreshing);
    }

    private static ProcessFacts In(string folder) => new() { ExecutablePath = $"/anywhere/steamapps/common/{folder}/program" };

    private void Manifest(string library, long id, string name, string folder) =>
        _tree.Write($"{library}/appmanifest_{id}.acf", $"\"AppState\"\n{{\n\t\"appid\"\t\t\"{id}\"\n\t\"name\"\t\t\"{name}\"\n\t\"installdir\"\t\t\"{folder}\"\n}}\n");

    // The answer after whatever look the question gave rise to
    private async Task<string?> Find(ProcessFacts facts)
    {
        _libraries.Find(facts, out _);
        await Until.True(() => !_libraries.IsRefreshing);
        return _libraries.Find(facts, out _)?.Name;
    }
}
