using GpuPlatform.Classifier.Rules;
using GpuPlatform.Classifier.Rules.Reading;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Classifier.Rules;

public sealed class ConditionTests
{
    [Theory]
    [InlineData("{ name: foo }", "{ name: foo.exe }", "{ name: foobar }")]
    [InlineData("{ name: a-very-long-program }", "{ name: a-very-long-pro }", "{ name: a-very-long-pr }")]
    [InlineData("{ nameLike: '^fo+$' }", "{ exe: /usr/bin/FOO }", "{ exe: /usr/foo/bar }")]
    [InlineData("{ path: /opt/foo/ }", "{ exe: /OPT/Foo/x }", "{ exe: /opt/foobar }")]
    [InlineData("{ path: /proj/run.py }", "{ cmdline: [python3, run.py], workingDirectory: /proj }", "{ cmdline: [python3, run.py] }")]
    [InlineData("{ argument: '^--fast$' }", "{ cmdline: x --fast }", "{ cmdline: --fast }")]
    [InlineData("{ parent: steam }", "{ parent: steam, ancestors: [systemd] }", "{ ancestors: [bash, steam] }")]
    [InlineData("{ below: steam }", "{ ancestors: [bash, /usr/bin/steam] }", "{ parent: steamy }")]
    [InlineData("{ cgroup: 'steam-\\d+' }", "{ cgroup: /a/steam-1.scope }", "{ cgroup: /a/steam }")]
    [InlineData("{ environment: { A: '^1', B: '*' } }", "{ environment: { A: '12', B: x } }", "{ environment: { A: '12' } }")]
    [InlineData("{ context: graphics }", "{ context: G }", "{ context: compute+graphics }")]
    [InlineData("{ wine: true }", "{ exe: /usr/bin/wine64-preloader, cmdline: ['C:\\x.exe'] }", "{ exe: 'C:\\x.exe' }")]
    [InlineData("{ interpreter: python }", "{ exe: /usr/bin/python3.12, cmdline: [python3, x.py] }", "{ name: pythonista }")]
    [InlineData("{ runtime: [docker, podman] }", "{ runtime: docker }", "{ name: docker }")]
    [InlineData("{ application: '^org\\.x$' }", "{ application: org.X }", "{ name: org.x }")]
    [InlineData("{ game: true }", "{ game: Hades }", "{ name: hades }")]
    [InlineData("{ workingDirectory: /comfyui/ }", "{ workingDirectory: /home/u/ComfyUI }", "{ exe: /comfyui/x }")]
    [InlineData("{ memoryGiB: { min: 2 } }", "{ gpuMemoryBytes: 2147483648 }", "{ name: x }")]
    [InlineData("{ smPercent: { min: 20, max: 80 } }", "{ smPercent: 20 }", "{ smPercent: 81 }")]
    [InlineData("{ encoderPercent: { min: 1 } }", "{ encoderPercent: 5 }", "{ encoderPercent: 0 }")]
    [InlineData("{ course: steady }", "{ course: { spanSeconds: 300, smBusyPercent: 95 } }", "{ course: { spanSeconds: 30, smBusyPercent: 95 } }")]
    [InlineData("{ course: growing }", "{ course: { spanSeconds: 300, memoryFirstBytes: 1000000000, memoryLastBytes: 2000000000 } }", "{ course: { spanSeconds: 300, memoryFirstBytes: 1000000000, memoryLastBytes: 1100000000 } }")]
    [InlineData("{ os: windows }", "{ exe: 'D:\\x.exe' }", "{ exe: /usr/bin/x }")]
    [InlineData("{ not: { name: foo } }", "{ name: bar }", "{ name: foo }")]
    [InlineData("{ any: [ { name: foo }, { context: compute } ] }", "{ context: C }", "{ context: G }")]
    [InlineData("{ all: [ { name: foo }, { context: compute } ] }", "{ name: foo, context: C }", "{ name: foo }")]
    public void Every_condition_holds_for_what_it_means_alone(string condition, string yes, string no)
    {
        var file = RuleFileReader.Read("f.yaml", $$"""
            - name: a/b
              kind: mining
              says: x
              when: {{condition}}
              examples: [ {{yes}} ]
              not: [ {{no}} ]
            """);

        Assert.Empty(file.Problems.Concat(file.FailedExamples(new RuleSet(file.Rules))).Select(problem => problem.In(file.Name)));
        Assert.Equal(WorkloadKind.Mining, file.Rules.Single().Kind);
    }

    [Theory]
    [InlineData("Z:\\games\\My Game\\x.exe -fast", "Z:\\games\\My Game\\x.exe|-fast")]
    [InlineData("a \"b c\" 'd e' f\\g", "a|b c|d e|f\\g")]
    [InlineData("  a   '' b ", "a||b")]
    [InlineData("\"open", "open")]
    public void A_command_line_in_one_text_is_divided(string line, string expected) =>
        Assert.Equal(expected, string.Join('|', CommandLine.Split(line)));

    [Theory]
    [InlineData(".foo-wrapped", "foo")]
    [InlineData(".kwin_wayland-w", "kwin_wayland")]
    [InlineData(".hidden", ".hidden")]
    [InlineData("[Not Found]", null)]
    [InlineData("/usr/bin/foo (deleted)", "foo")]
    public void A_name_is_found_behind_what_systems_make_of_it(string path, string? name) => Assert.Equal(name, ProgramName.Of(path.ToLowerInvariant()));
}
