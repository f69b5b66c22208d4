using System.Text;

namespace GpuPlatform.Classifier.Rules;

/// <summary>Command lines that come as one text, and what in them is the program.</summary>
internal static class CommandLine
{
    /// <summary>Divides at spaces outside quotation marks. A backslash is a character like any other, because Windows has it in paths.</summary>
    public static List<string> Split(string line)
    {
        var arguments = new List<string>();
        var current = new StringBuilder();
        var (quote, isOpen) = ('\0', false);
        foreach (var c in WithWindowsProgramQuoted(line))
        {
            if (quote != '\0' ? c == quote : c is '"' or '\'')
                (quote, isOpen) = (quote == '\0' ? c : '\0', true);
            else if (quote == '\0' && c is ' ' or '\t' or '\0')
                Close();
            else
                (_, isOpen) = (current.Append(c), true);
        }
        Close();
        return arguments;

        void Close()
        {
            if (isOpen || current.Length > 0)
                arguments.Add(current.ToString());
            current.Clear();
            isOpen = false;
        }
    }

    /// <summary>
    /// Browsers and others write their arguments back as one text with spaces: that is divided again. A path that merely has a space in it is not.
    /// </summary>
    public static IReadOnlyList<string> Divided(IReadOnlyList<string> arguments, string? executable)
    {
        if (arguments is not [{ } only] || only.IndexOf(' ', StringComparison.Ordinal) < 0)
            return arguments;
        if (executable is { Length: > 0 } && only.StartsWith(executable, StringComparison.Ordinal) && only.Length > executable.Length && only[executable.Length] == ' ')
            return [executable, .. Split(only[executable.Length..])];
        return only.Contains(" -", StringComparison.Ordinal) ? Split(only) : arguments;
    }

    /// <summary>The script that an interpreter runs: its first argument that is no option.</summary>
    public static string? Script(IReadOnlyList<string> arguments)
    {
        for (var i = 1; i < arguments.Count; i++)
        {
            if (arguments[i] is "-m" or "-c")
                return null;
            if (arguments[i] is "-x" or "-w" or "-cp" or "-classpath" or "--class-path" or "--module-path" or "-p" or "--add-modules" or "--add-opens" or "--add-exports")
                i++;
            else if (arguments[i].Length > 0 && arguments[i][0] is not ('-' or '@'))
                return arguments[i];
        }

        return null;
    }

    /// <summary>The module that Python runs by <c>-m</c>.</summary>
    public static string? Module(IReadOnlyList<string> arguments)
    {
        for (var i = 1; i < arguments.Count - 1; i++)
        {
            if (arguments[i] == "-m")
                return arguments[i + 1];
            if (arguments[i] is "-x" or "-w")
                i++;
            else if (!arguments[i].StartsWith('-'))
                return null;
        }

        return null;
    }

    // C:\Program Files\x.exe -a: the first argument ends where the name of a program does
    private static string WithWindowsProgramQuoted(string line)
    {
        if (line.Length < 3 || !char.IsAsciiLetter(line[0]) || line[1] != ':' || line[2] is not ('\\' or '/'))
            return line;
        var end = line.IndexOf(".exe", StringComparison.OrdinalIgnoreCase) + 4;
        return end > 4 && (end == line.Length || line[end] == ' ') && !line.AsSpan(0, end).Contains('"') ? $"\"{line[..end]}\"{line[end..]}" : line;
    }
}
