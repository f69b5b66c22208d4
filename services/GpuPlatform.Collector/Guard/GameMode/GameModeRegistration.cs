using System.Runtime.InteropServices;

namespace GpuPlatform.Collector.Guard.GameMode;

internal static partial class GameModeRegistration
{
    /// <summary>Adds what GameMode says of running games. Nothing is connected to until somebody listens.</summary>
    public static void AddGameMode(this IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var userId = OperatingSystem.IsWindows() ? 0 : GetEffectiveUserId();
            return new GameModeWatch(
                () => OperatingSystem.IsLinux() ? SessionBus.Candidates(Environment.GetEnvironmentVariable(SessionBus.Variable), userId) : [], userId,
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<GameModeWatch>>());
        });
        services.AddSingleton<IGameReports>(provider => provider.GetRequiredService<GameModeWatch>());
        services.AddHostedService(provider => provider.GetRequiredService<GameModeWatch>());
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint GetEffectiveUserId();
}
