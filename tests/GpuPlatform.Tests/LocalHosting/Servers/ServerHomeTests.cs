using GpuPlatform.LocalHosting;
using GpuPlatform.LocalHosting.Servers;

namespace GpuPlatform.Tests.LocalHosting.Servers;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ServerHomeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("server-home-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_password_is_made_once_and_only_its_owner_reads_it()
    {
        using (var home = await OpenAsync())
        {
            var password = home.Password("postgres");
            Assert.Matches("^[A-Za-z0-9]{22}$", password);
            Assert.NotEqual(password, home.Password("messaging"));
            Assert.Equal(password, home.Password("postgres"));
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "passwords.json")));
    }

    [Fact]
    public async Task Data_whose_password_was_lost_is_not_opened_with_a_new_one()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "postgres"));
        using var home = await OpenAsync();
        Assert.Contains("has no password for 'postgres'", Assert.Throws<DistributedApplicationException>(() => home.Password("postgres")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_apphost_on_the_same_data_is_told_who_holds_it()
    {
        using var home = await OpenAsync();
        var problem = await Assert.ThrowsAsync<DistributedApplicationException>(OpenAsync);
        Assert.Contains($"process {Environment.ProcessId}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_that_a_server_of_a_killed_apphost_still_uses_is_not_opened()
    {
        Assert.SkipUnless(Directory.Exists("/proc"), "needs /proc");
        using var left = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sleep", ["600"]) { WorkingDirectory = _folder })!;
        try
        {
            var problem = await Assert.ThrowsAsync<DistributedApplicationException>(OpenAsync);
            Assert.Contains($" {left.Id}", problem.Message, StringComparison.Ordinal);
        }
        finally
        {
            left.Kill();
            await left.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        using var home = await OpenAsync();
    }

    [Fact]
    public void Temporary_data_is_gone_at_the_end()
    {
        var home = ServerHome.Temporary();
        Assert.True(Directory.Exists(home.Folder));
        home.Dispose();
        Assert.False(Directory.Exists(home.Folder));
    }

    private Task<ServerHome> OpenAsync() => ServerHome.OpenAsync(_folder, wardenProcessId: 0, CancellationToken.None);
}
