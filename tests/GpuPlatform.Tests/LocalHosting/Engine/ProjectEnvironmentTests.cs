using GpuPlatform.LocalHosting;
using GpuPlatform.LocalHosting.Engine;
using Microsoft.Extensions.Configuration;

namespace GpuPlatform.Tests.LocalHosting.Engine;

public sealed class ProjectEnvironmentTests
{
    private static readonly IConfiguration Nothing = new ConfigurationBuilder().Build();

    [Theory]
    [InlineData("history", "HISTORY")]
    [InlineData("history-db", "HISTORY_DB")]
    [InlineData("2nd", "_2ND")]
    public void Names_are_encoded_for_the_environment(string name, string expected) => Assert.Equal(expected, ProjectEnvironment.Encode(name));

    [Fact]
    public void A_database_is_given_under_the_references_name_in_long_and_short_form()
    {
        var server = new PostgresServerResource("postgres") { Port = 40817, Password = "a b" };
        var variables = new Dictionary<string, string>();
        ProjectEnvironment.AddConnection(variables, new PostgresDatabaseResource("history-db", "history", server), "history");
        Assert.Equal(new Dictionary<string, string>
        {
            ["ConnectionStrings__history"] = "Host=localhost;Port=40817;Username=postgres;Password=a b;Database=history",
            ["HISTORY_HOST"] = "localhost", ["HISTORY_PORT"] = "40817", ["HISTORY_USERNAME"] = "postgres", ["HISTORY_PASSWORD"] = "a b",
            ["HISTORY_DATABASENAME"] = "history", ["HISTORY_URI"] = "postgresql://postgres:a%20b@localhost:40817/history",
            ["HISTORY_JDBCCONNECTIONSTRING"] = "jdbc:postgresql://localhost:40817/history",
        }, variables);
    }

    [Fact]
    public void A_broker_is_given_as_an_amqp_address_without_a_trailing_slash()
    {
        var variables = new Dictionary<string, string>();
        ProjectEnvironment.AddConnection(variables, new RabbitMQServerResource("messaging") { Port = 5, Password = "p;w" }, "messaging");
        Assert.Equal("amqp://guest:p%3Bw@localhost:5", variables["ConnectionStrings__messaging"]);
        Assert.Equal(variables["ConnectionStrings__messaging"], variables["MESSAGING_URI"]);
    }

    [Fact]
    public void Endpoints_are_given_for_service_discovery_and_in_short_form()
    {
        var variables = new Dictionary<string, string>();
        ProjectEnvironment.AddEndpoints(variables, new ProjectResource("my-api") { Endpoints = [new("http", "http", 5001), new("http2", "http", 5002)] });
        Assert.Equal(new Dictionary<string, string>
        {
            ["MY_API_HTTP"] = "http://localhost:5001", ["services__my-api__http__0"] = "http://localhost:5001",
            ["MY_API_HTTP2"] = "http://localhost:5002", ["services__my-api__http__1"] = "http://localhost:5002",
        }, variables);
    }

    [Fact]
    public void Short_export_delays_belong_to_development_alone()
    {
        Assert.Equal("1000", Defaults(isDevelopment: true, Nothing)["OTEL_BSP_SCHEDULE_DELAY"]);
        var production = Defaults(isDevelopment: false, Nothing);
        Assert.False(production.ContainsKey("OTEL_BSP_SCHEDULE_DELAY"));
        Assert.Equal("web", production["OTEL_SERVICE_NAME"]);
        Assert.Matches("^service\\.instance\\.id=[a-z]{8}$", production["OTEL_RESOURCE_ATTRIBUTES"]);
    }

    [Fact]
    public void An_otlp_endpoint_is_passed_on_only_when_the_caller_set_one()
    {
        Assert.False(Defaults(isDevelopment: true, Nothing).ContainsKey("OTEL_EXPORTER_OTLP_ENDPOINT"));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:1")]).Build();
        Assert.Equal("http://localhost:1", Defaults(isDevelopment: true, configuration)["OTEL_EXPORTER_OTLP_ENDPOINT"]);
    }

    [Fact]
    public void A_launch_profile_adds_variables_but_overrides_none()
    {
        var variables = Defaults(isDevelopment: false, Nothing);
        Assert.Equal("http://localhost:5100", variables["ASPNETCORE_URLS"]);
        Assert.Equal("http", variables["DOTNET_LAUNCH_PROFILE"]);
        Assert.Equal("Development", variables["ASPNETCORE_ENVIRONMENT"]);
        Assert.Equal("simple", variables["LOGGING__CONSOLE__FORMATTERNAME"]);
    }

    private static Dictionary<string, string> Defaults(bool isDevelopment, IConfiguration configuration)
    {
        var fromProfile = new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["LOGGING__CONSOLE__FORMATTERNAME"] = "json" };
        var project = new ProjectResource("web") { Endpoints = [new("http", "http", 5100)], LaunchProfile = new("http", "Project", null, fromProfile) };
        var variables = new Dictionary<string, string>();
        ProjectEnvironment.AddDefaults(variables, project, isDevelopment, configuration);
        return variables;
    }
}
