using GpuPlatform.Collector.Ollama.Requests.Clients;

namespace GpuPlatform.Tests.Collector.Ollama.Requests.Clients;

public sealed class ScriptsTests
{
    [Theory]
    [InlineData("python3 /opt/chat.py --model x", "chat.py")]
    [InlineData("python3 -u -X dev -W ignore chat.py", "chat.py")]
    [InlineData("python3 -m open_webui.main serve", "open_webui.main")]
    [InlineData("/usr/bin/python3 /usr/local/bin/uvicorn app:app", "uvicorn")]
    [InlineData("node --require ./x.js --enable-source-maps server.js", "server.js")]
    [InlineData("deno run main.ts", "main.ts")]
    [InlineData("java -Xmx4g -cp lib.jar com.example.Main", "com.example.Main")]
    [InlineData("java -jar /srv/bot.jar", "bot.jar")]
    [InlineData("dotnet exec app.dll", "app.dll")]
    public void The_script_is_named_without_its_folder(string commandLine, string name) => Assert.Equal(name, Scripts.NameIn(commandLine.Split(' ')));

    [Theory]
    [InlineData("python3")]
    [InlineData("python3|-c|import os; print('hunter2')")]
    [InlineData("node|-e|fetch")]
    [InlineData("node|-p|secret")]
    [InlineData("php|-r|secret")]
    [InlineData("python3|-")]
    [InlineData("python3|what a prompt")]
    [InlineData("python3|/opt/")]
    public void Code_in_the_arguments_is_never_a_name(string commandLine) => Assert.Null(Scripts.NameIn(commandLine.Split('|')));

    [Theory]
    [InlineData("python3.12", true)]
    [InlineData("/usr/bin/python3", true)]
    [InlineData("MainThread", true)]
    [InlineData("node", true)]
    [InlineData("java", true)]
    [InlineData("pythonista", false)]
    [InlineData("open-webui", false)]
    [InlineData("bash", false)]
    public void Interpreters_are_known(string name, bool isOne) => Assert.Equal(isOne, Scripts.IsInterpreter(name));
}
