using System.Text.Json;

namespace GpuPlatform.LocalHosting;

/// <summary>One profile of a project's launchSettings.json.</summary>
internal sealed record LaunchProfile(string Name, string? CommandName, string? ApplicationUrl, IReadOnlyDictionary<string, string> EnvironmentVariables)
{
    private static readonly JsonSerializerOptions Lenient = new(JsonSerializerDefaults.Web) { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>An explicit name wins, then the AppHost's own profile name, then the first profile that runs the project.</summary>
    public static LaunchProfile? Choose(string projectPath, string? explicitName, string? defaultName)
    {
        var profiles = Read(projectPath);
        if (explicitName is not null)
        {
            return profiles.FirstOrDefault(profile => profile.Name == explicitName) ?? throw new DistributedApplicationException(
                $"{projectPath} has no launch profile '{explicitName}'; it has: {string.Join(", ", profiles.Select(profile => profile.Name))}.");
        }

        return profiles.FirstOrDefault(profile => profile.Name == defaultName)
            ?? profiles.FirstOrDefault(profile => profile.CommandName is null or "" or "Project" or "Executable");
    }

    public List<Endpoint> Endpoints()
    {
        var endpoints = new List<Endpoint>();
        foreach (var url in (ApplicationUrl ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
                throw new DistributedApplicationException($"applicationUrl of launch profile '{Name}' holds '{url}', which is no URL such as http://localhost:5100.");
            var count = endpoints.Count(endpoint => endpoint.Scheme == address.Scheme);
            endpoints.Add(new(count == 0 ? address.Scheme : $"{address.Scheme}{count + 1}", address.Scheme, address.Port));
        }

        return endpoints;
    }

    private static List<LaunchProfile> Read(string projectPath)
    {
        var file = Path.Combine(Path.GetDirectoryName(projectPath)!, "Properties", "launchSettings.json");
        if (!File.Exists(file)) return [];
        try
        {
            var settings = JsonSerializer.Deserialize<Settings>(File.ReadAllText(file), Lenient);
            return [.. (settings?.Profiles ?? []).Select(entry => new LaunchProfile(
                entry.Key, entry.Value.CommandName, entry.Value.ApplicationUrl, entry.Value.EnvironmentVariables ?? []))];
        }
        catch (JsonException problem)
        {
            throw new DistributedApplicationException($"{file} cannot be read: {problem.Message}", problem);
        }
    }

    private sealed record Settings(Dictionary<string, Profile>? Profiles);

    private sealed record Profile(string? CommandName, string? ApplicationUrl, Dictionary<string, string>? EnvironmentVariables);
}
