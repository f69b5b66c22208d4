using GpuPlatform.ServiceDefaults.Settings;

namespace GpuPlatform.Tests.ServiceDefaults.Settings;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--Pace:Count=4", "4")]
    [InlineData("--pace:count 4", "4")]
    [InlineData("--print-config --Pace:Count 4", "4")]
    [InlineData("--Pace:Count -4", "-4")]
    public void A_key_takes_its_value_after_an_equals_sign_or_a_space(string arguments, string expected)
    {
        using var fixture = new SettingsFixture().Argument(arguments.Split(' '));
        Assert.Empty(fixture.Problems());
        Assert.Equal(expected, fixture.Read().Values["Pace:Count"].Value);
    }

    [Theory]
    [InlineData("--Pace:Count", "--Pace:Count on the command line has no value; write --Pace:Count=value")]
    [InlineData("--Pace:Count --help", "--Pace:Count on the command line has no value; write --Pace:Count=value")]
    [InlineData("config", "'config' on the command line is not understood; write --Key=value, --print-config or --help")]
    [InlineData("--=4", "'--=4' on the command line is not understood; write --Key=value, --print-config or --help")]
    [InlineData("bus=amqp://u:hidden@h", "'bus=amqp://u:***@h' on the command line is not understood; write --Key=value, --print-config or --help")]
    [InlineData("--Pace:Cuont=4", "Pace:Cuont is unknown; did you mean Pace:Count? (command line --Pace:Cuont)")]
    [InlineData("--Pace:Count=4 --Pace:Count=5", "Pace:Count is set twice, the first time by command line --Pace:Count (command line --Pace:Count)")]
    public void What_is_not_understood_is_said(string arguments, string expected)
    {
        using var fixture = new SettingsFixture().Argument(arguments.Split(' '));
        Assert.Equal([expected], fixture.Problems());
    }

    [Theory]
    [InlineData("", SettingsCommand.Run)]
    [InlineData("--print-config", SettingsCommand.PrintConfig)]
    [InlineData("--print-config --help", SettingsCommand.Help)]
    [InlineData("-h --print-config", SettingsCommand.Help)]
    public void It_says_what_to_do(string arguments, SettingsCommand expected)
    {
        using var fixture = new SettingsFixture().Argument(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(expected, fixture.Read().Command);
    }
}
