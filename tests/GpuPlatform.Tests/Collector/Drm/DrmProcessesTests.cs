using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Drm;

public sealed class DrmProcessesTests : IDisposable
{
    private const string Render = "/dev/dri/renderD128";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly DrmFixture _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_process_has_the_memory_and_the_shares_of_its_clients()
    {
        Captures.WriteRadeon(_host.Tree);
        Game(gfx: 40_000, decode: 0);
        var first = Assert.Single(_host.Processes());
        Assert.Equal(new GpuProcessReading(4000, GpuContext.Graphics, 2000L * 1024 * 1024), first);
        _host.Clock.Advance(Interval);
        Game(gfx: 46_000, decode: 500);
        var second = Assert.Single(_host.Processes());
        Assert.Equal((60d, 5d, 0d, null), (second.SmPercent, second.DecoderPercent, second.EncoderPercent, second.MemoryPercent));
        Assert.Empty(_host.Errors);
    }

    [Fact]
    public void A_file_that_was_duplicated_counts_once_and_two_clients_of_a_process_add_up()
    {
        Captures.WriteRadeon(_host.Tree);
        _host.Client(50, 4, "/dev/dri/card0", Amdgpu(client: 7, vramKibibytes: 1024));
        _host.Client(50, 5, "/dev/dri/card0", Amdgpu(client: 7, vramKibibytes: 1024));
        _host.Client(50, 9, Render, Amdgpu(client: 8, vramKibibytes: 512));
        Assert.Equal(1536 * 1024, Assert.Single(_host.Processes()).MemoryUsedBytes);
    }

    [Fact]
    public void A_client_that_children_inherited_is_the_parents()
    {
        Captures.WriteRadeon(_host.Tree);
        _host.Client(300, 4, Render, Amdgpu(client: 7, vramKibibytes: 64));
        _host.Client(301, 4, Render, Amdgpu(client: 7, vramKibibytes: 64));
        Assert.Equal(300, Assert.Single(_host.Processes()).Pid);
    }

    [Fact]
    public void A_compositors_client_is_not_the_seat_daemons_that_opened_it()
    {
        Captures.WriteRadeon(_host.Tree);
        _host.Client(300, 20, "/dev/dri/card0", Amdgpu(client: 7, vramKibibytes: 64), comm: "systemd-logind");
        _host.Client(900, 11, "/dev/dri/card0", Amdgpu(client: 7, vramKibibytes: 64), comm: "kwin_wayland");
        Assert.Equal(900, Assert.Single(_host.Processes()).Pid);
    }

    [Fact]
    public void Who_only_opened_the_device_is_no_user_of_the_card()
    {
        Captures.WriteRadeon(_host.Tree);
        _host.Client(50, 4, Render, Amdgpu(client: 7, vramKibibytes: 0));
        Assert.Empty(_host.Processes());
    }

    [Fact]
    public void Each_card_has_its_own_processes()
    {
        Captures.WriteRadeon(_host.Tree);
        Captures.WriteApu(_host.Tree, number: 1);
        _host.Client(50, 4, Render, Amdgpu(client: 7, vramKibibytes: 64));
        _host.Client(60, 4, "/dev/dri/renderD129", Amdgpu(client: 7, vramKibibytes: 32, busId: "0000:c4:00.0") + "drm-memory-gtt:\t96 KiB\n");
        _host.Tree.Link("proc/60/fd/8", "/dev/null");
        Assert.True(_host.Source.Open());
        Assert.Equal([50], _host.Processes(_host.Source.Gpus[0]).Select(process => process.Pid));
        // The processor's graphics have nothing but the host's memory
        Assert.Equal(new GpuProcessReading(60, GpuContext.Graphics, 128 * 1024) { SmPercent = null }, Assert.Single(_host.Processes(_host.Source.Gpus[1])));
    }

    [Fact]
    public void A_file_whose_number_now_belongs_to_another_card_is_passed_over()
    {
        Captures.WriteRadeon(_host.Tree);
        _host.Client(50, 4, Render, Amdgpu(client: 7, vramKibibytes: 64, busId: "0000:c4:00.0"));
        _host.Client(51, 4, Render, "pos:\t0\nflags:\t02\n");
        Assert.Empty(_host.Processes());
    }

    [Fact]
    public void Amdgpu_before_5_19_tells_memory_and_who_computes()
    {
        Captures.WriteRadeon(_host.Tree);
        _host.Client(50, 4, Render, "pdev:\t0000:03:00.0\npasid:\t32770\nvram mem:\t154324 kB\ngtt mem:\t22324 kB\ncpu mem:\t0 kB\ngfx0:\t0.12%\n");
        _host.Client(50, 5, Render, "pdev:\t0000:03:00.0\npasid:\t32770\nvram mem:\t154324 kB\n");
        _host.Client(60, 4, Render, "pdev:\t0000:03:00.0\npasid:\t32771\nvram mem:\t10 kB\ncompute0:\t3.1%\n");
        Assert.Equal(
            [new(50, GpuContext.Graphics, 154324 * 1024), new(60, GpuContext.Compute, 10 * 1024)], _host.Processes());
        _host.Clock.Advance(Interval);
        Assert.All(_host.Processes(), process => Assert.Null(process.SmPercent));
    }

    [Fact]
    public void What_is_resident_counts_before_what_was_charged_and_what_was_asked_for()
    {
        Captures.WriteRadeon(_host.Tree);
        _host.Client(50, 4, Render, Amdgpu(client: 7, vramKibibytes: 64) + "drm-total-vram:\t4 MiB\ndrm-resident-vram:\t3 MiB\ndrm-shared-vram:\t1 MiB\n");
        Assert.Equal(3 << 20, Assert.Single(_host.Processes()).MemoryUsedBytes);
    }

    [Fact]
    public void Cycles_of_xe_are_a_share_of_all_cycles()
    {
        Captures.WriteBattlemage(_host.Tree);
        Xe(busy: 1_000, total: 100_000);
        Assert.Equal(new GpuProcessReading(70, GpuContext.Compute, 3L << 30), Assert.Single(_host.Processes()));
        _host.Read();
        _host.Clock.Advance(Interval);
        Xe(busy: 26_000, total: 200_000);
        Assert.Equal(25, Assert.Single(_host.Processes()).SmPercent!.Value, 6);
        Assert.Equal(25, _host.Read().UtilizationPercent!.Value, 6);
    }

    [Fact]
    public void A_rocm_process_that_the_drivers_files_do_not_know_is_found_by_its_memory()
    {
        Captures.WriteInstinct(_host.Tree);
        Captures.Write(_host.Tree, "sys/class/kfd/kfd/proc/5000", ("vram_28851", "64424509440"), ("vram_51499", "7"), ("pasid", "32769"));
        Captures.Write(_host.Tree, "sys/class/kfd/kfd/proc/5001", ("vram_28851", "0"), ("vram_51499", "9"));
        Captures.Write(_host.Tree, "sys/class/kfd/kfd/proc/5002", ("vram_28851", "many"));
        Assert.Equal([new(5000, GpuContext.Compute, 64424509440)], _host.Processes());
        Assert.Equal(["kfd vram"], _host.Errors);
    }

    [Fact]
    public void Where_both_know_a_process_the_larger_memory_counts()
    {
        Captures.WriteInstinct(_host.Tree);
        Captures.Write(_host.Tree, "sys/class/kfd/kfd/proc/5000", ("vram_28851", "1048576"));
        Captures.Write(_host.Tree, "sys/class/kfd/kfd/proc/5003", ("vram_28851", "10"));
        var gfx = "drm-engine-gfx:\t12000 ns\n";
        _host.Client(5000, 3, "/dev/dri/renderD129", Amdgpu(client: 3, vramKibibytes: 512, busId: "0000:41:00.0") + gfx);
        _host.Client(5003, 3, "/dev/dri/renderD129", Amdgpu(client: 4, vramKibibytes: 2048, busId: "0000:41:00.0"));
        _host.Processes();
        _host.Clock.Advance(Interval);
        // The driver does not count the time of ROCm's kernels, so that 0 would be invented
        Assert.Equal(
            [
                new(5000, GpuContext.ComputeAndGraphics, 1048576) { EncoderPercent = 0, DecoderPercent = 0 },
                new(5003, GpuContext.Compute, 2 << 20) { EncoderPercent = 0, DecoderPercent = 0 },
            ],
            _host.Processes());
    }

    [Fact]
    public void A_process_that_is_gone_is_gone_at_the_next_look()
    {
        Captures.WriteRadeon(_host.Tree);
        _host.Client(50, 4, Render, Amdgpu(client: 7, vramKibibytes: 64));
        Assert.Single(_host.Processes());
        _host.Tree.Remove("proc/50");
        _host.Clock.Advance(Interval);
        Assert.Empty(_host.Processes());
        Assert.Empty(_host.Errors);
    }

    private void Game(long gfx, long decode) => _host.Client(4000, 12, Render,
        Amdgpu(client: 7, vramKibibytes: 2_048_000) + $"drm-engine-gfx:\t{gfx}000000 ns\n" + (decode > 0 ? $"drm-engine-dec:\t{decode}000000 ns\n" : ""));

    private void Xe(long busy, long total) => _host.Client(70, 3, "/dev/dri/renderD129",
        $"""
        drm-driver:	xe
        drm-client-id:	3
        drm-pdev:	0000:03:00.0
        drm-total-gtt:	192 KiB
        drm-resident-vram0:	3 GiB
        drm-cycles-rcs:	0
        drm-total-cycles-rcs:	{total}
        drm-cycles-ccs:	{busy}
        drm-total-cycles-ccs:	{total}
        """);

    private static string Amdgpu(int client, long vramKibibytes, string busId = "0000:03:00.0") =>
        $"pos:\t0\nflags:\t02100002\nmnt_id:\t27\nino:\t1234\ndrm-driver:\tamdgpu\ndrm-client-id:\t{client}\ndrm-pdev:\t{busId}\npasid:\t32789\n"
        + $"drm-memory-vram:\t{vramKibibytes} KiB\ndrm-memory-cpu: \t4 KiB\namd-memory-visible-vram:\t9 KiB\n";
}
