using GpuPlatform.LocalHosting;
using GpuPlatform.LocalHosting.Servers;

namespace GpuPlatform.Tests.LocalHosting.Servers;

public sealed class ServerDriverTests
{
    [Fact]
    public void Postgres_gives_up_durability_only_for_throw_away_data()
    {
        Assert.Contains("fsync=off", PostgresDriver.Arguments("/data", 5, isThrowAway: true));
        Assert.DoesNotContain("fsync=off", PostgresDriver.Arguments("/data", 5, isThrowAway: false));
        Assert.Contains("listen_addresses=127.0.0.1", PostgresDriver.Arguments("/data", 5, isThrowAway: false));
    }

    [Fact]
    public void A_cluster_is_opened_by_the_version_that_wrote_it_or_not_at_all()
    {
        var cluster = Directory.CreateTempSubdirectory("cluster-").FullName;
        try
        {
            Assert.Equal("/usr/lib/postgresql/17/bin", PostgresDriver.Binaries(cluster, ["/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/15/bin"]));
            File.WriteAllText(Path.Combine(cluster, "PG_VERSION"), "15\n");
            Assert.Equal("/usr/lib/postgresql/15/bin", PostgresDriver.Binaries(cluster, ["/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/15/bin"]));
            var problem = Assert.Throws<DistributedApplicationException>(() => PostgresDriver.Binaries(cluster, ["/usr/lib/postgresql/17/bin"]));
            Assert.Contains("written by PostgreSQL 15", problem.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(cluster, recursive: true);
        }
    }

    [Fact]
    public void The_broker_listens_on_loopback_under_a_constant_node_name()
    {
        Assert.Contains("listeners.tcp.default = 127.0.0.1:5\n", RabbitMqDriver.Configuration(5, "secret"), StringComparison.Ordinal);
        Assert.Contains("default_pass = secret\n", RabbitMqDriver.Configuration(5, "secret"), StringComparison.Ordinal);
        var variables = RabbitMqDriver.Variables("/data", "/rabbit", 5, 6, 7);
        Assert.Equal("gpuplatform@localhost", variables["RABBITMQ_NODENAME"]);
        Assert.Equal("127.0.0.1", variables["ERL_EPMD_ADDRESS"]);
        Assert.Contains("inet_dist_use_interface {127,0,0,1}", variables["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"], StringComparison.Ordinal);
        Assert.DoesNotContain(variables, variable => variable.Value.Contains("secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/usr/bin/apt-get", "sudo apt-get install -y --no-install-recommends postgresql rabbitmq-server")]
    [InlineData("/usr/bin/dnf", "sudo dnf install -y postgresql-server rabbitmq-server")]
    [InlineData("/usr/bin/pacman", "sudo pacman -S postgresql rabbitmq")]
    [InlineData("none", "brew install postgresql@17 rabbitmq")]
    public void Missing_servers_are_answered_with_the_one_command_for_this_machine(string tool, string command) =>
        Assert.Contains(command + "\n", NativePackages.Advice(["postgresql", "rabbitmq-server"], path => path == tool), StringComparison.Ordinal);
}
