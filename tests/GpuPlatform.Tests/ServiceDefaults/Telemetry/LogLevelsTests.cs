using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GpuPlatform.Tests.ServiceDefaults.Telemetry;

public sealed class LogLevelsTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("Information", true)]
    internal async Task Requests_are_not_logged_unless_it_is_asked_for(string? configured, bool expected)
    {
        KeyValuePair<string, string?>[] settings = configured is null ? [] : [new("Logging:LogLevel:Microsoft.AspNetCore", configured)];
        await using var host = await DefaultsHost.StartAsync(settings, builder => builder.Logging.AddConsole());
        var logger = host.App.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics");

        Assert.Equal(expected, logger.IsEnabled(LogLevel.Information));
        Assert.True(logger.IsEnabled(LogLevel.Warning));
    }
}
