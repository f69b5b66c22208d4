namespace GpuPlatform.ServiceDefaults.Settings;

/// <summary>What the program is asked to do.</summary>
public enum SettingsCommand
{
    Run,
    PrintConfig,
    Help,
}

/// <summary>Settings from the command line: <c>--Key=value</c> or <c>--Key value</c>.</summary>
internal sealed record CommandLine(SettingsCommand Command, SettingsLayer Layer)
{
    public const string HelpOption = "--help";
    public const string PrintOption = "--print-config";

    private const string Dashes = "--";

    public static CommandLine Parse(IReadOnlyList<string> arguments, List<string> problems)
    {
        var command = SettingsCommand.Run;
        var entries = new List<SettingEntry>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            var name = argument.StartsWith(Dashes, StringComparison.Ordinal) ? argument[Dashes.Length..] : "";
            var equals = name.IndexOf('=', StringComparison.Ordinal);
            if (argument is HelpOption or "-h")
                command = SettingsCommand.Help;
            else if (argument is PrintOption)
                command = command == SettingsCommand.Help ? command : SettingsCommand.PrintConfig;
            else if (equals > 0)
                entries.Add(Entry(name[..equals], name[(equals + 1)..]));
            else if (name.Length == 0 || equals == 0)
                problems.Add($"{SettingText.Quote(SettingText.Mask("", argument, isSecret: false))} on the command line is not understood; write --Key=value, {PrintOption} or {HelpOption}");
            else if (i + 1 < arguments.Count && !arguments[i + 1].StartsWith(Dashes, StringComparison.Ordinal))
                entries.Add(Entry(name, arguments[++i]));
            else
                problems.Add($"{Dashes}{SettingText.OneLine(name)} on the command line has no value; write {Dashes}{SettingText.OneLine(name)}=value");
        }
        return new CommandLine(command, new SettingsLayer(entries, IsOurs: true));
    }

    private static SettingEntry Entry(string key, string value) => new(key, value, $"command line {Dashes}{SettingText.OneLine(key)}");
}
