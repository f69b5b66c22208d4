using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Drm;

/// <summary>Hosts as their kernels show them, in the formats of the drivers' sources; the folders are linked as under a real <c>/sys</c>.</summary>
internal static class Captures
{
    public const string Radeon = "sys/devices/pci0000:00/0000:00:01.1/0000:01:00.0/0000:02:00.0/0000:03:00.0";
    public const string RadeonSensors = Radeon + "/hwmon/hwmon4";
    public const string Apu = "sys/devices/pci0000:00/0000:00:08.1/0000:c4:00.0";
    public const string Instinct = "sys/devices/pci0000:40/0000:40:01.1/0000:41:00.0";
    public const string Arc = "sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0/0000:02:01.0/0000:03:00.0";
    public const string ArcSensors = Arc + "/hwmon/hwmon3";
    public const string IntelChip = "sys/devices/pci0000:00/0000:00:02.0";

    /// <summary>A card in its place on the bus, linked from <c>/sys/class/drm</c>.</summary>
    public static void Card(TemporaryTree tree, string device, int number, string driver, string vendor, string id, string revision = "0x00")
    {
        var busId = device[^12..];
        tree.Write($"{device}/vendor", vendor + "\n");
        tree.Write($"{device}/device", id + "\n");
        tree.Write($"{device}/revision", revision + "\n");
        tree.Write($"{device}/class", "0x030000\n");
        tree.Write($"{device}/uevent", $"DRIVER={driver}\nPCI_CLASS=30000\nPCI_ID={vendor[2..]}:{id[2..]}\nPCI_SLOT_NAME={busId}\nMODALIAS=pci:v\n");
        tree.Write($"{device}/power/runtime_status", "active\n");
        tree.Write($"{device}/power/control", "auto\n");
        tree.Write($"{device}/power/runtime_usage", "3\n");
        tree.Write($"{device}/power/autosuspend_delay_ms", "5000\n");
        tree.Write($"{device}/drm/card{number}/dev", $"226:{number}\n");
        tree.Write($"{device}/drm/card{number}/card{number}-DP-1/status", "connected\n");
        tree.Write($"{device}/drm/renderD{128 + number}/dev", $"226:{128 + number}\n");
        tree.Link($"{device}/drm/card{number}/device", $"../../../{busId}");
        tree.Link($"sys/class/drm/card{number}", $"../../{device["sys/".Length..]}/drm/card{number}");
    }

    public static void Write(TemporaryTree tree, string folder, params ReadOnlySpan<(string Name, string Text)> files)
    {
        foreach (var (name, text) in files)
            tree.Write($"{folder}/{name}", text + "\n");
    }

    /// <summary>RX 7900 XTX: discrete, behind the switch on its own board.</summary>
    public static void WriteRadeon(TemporaryTree tree, int number = 0)
    {
        Card(tree, Radeon, number, "amdgpu", "0x1002", "0x744c", "0xc8");
        Write(tree, Radeon, ("unique_id", "6e2c5b5d1d5a6f3a"), ("gpu_busy_percent", "37"), ("mem_busy_percent", "12"),
            ("mem_info_vram_total", "25753026560"), ("mem_info_vram_used", "3221225472"), ("mem_info_gtt_total", "16777216000"),
            ("mem_info_gtt_used", "104857600"), ("vbios_version", "113-D7020100-102"),
            ("pp_dpm_sclk", "0: 500Mhz \n1: 2304Mhz *\n2: 2526Mhz "), ("pp_dpm_mclk", "0: 96Mhz \n1: 1249Mhz *"),
            ("current_link_speed", "16.0 GT/s PCIe"), ("current_link_width", "16"));
        Write(tree, RadeonSensors, ("name", "amdgpu"), ("temp1_label", "edge"), ("temp1_input", "51000"), ("temp1_crit", "100000"),
            ("temp1_emergency", "105000"), ("temp2_label", "junction"), ("temp2_input", "64000"), ("temp3_label", "mem"), ("temp3_input", "70000"),
            ("temp3_crit", "108000"), ("power1_average", "142000000"), ("power1_cap", "339000000"), ("power1_cap_max", "390000000"),
            ("power1_cap_min", "0"), ("power1_cap_default", "339000000"), ("fan1_input", "1180"), ("pwm1", "102"), ("freq1_label", "sclk"),
            ("freq1_input", "2310000000"), ("freq2_label", "mclk"), ("freq2_input", "1249000000"), ("in0_label", "vddgfx"), ("in0_input", "893"));
        var downstream = Path.GetDirectoryName(Radeon)!;
        var upstream = Path.GetDirectoryName(downstream)!;
        Write(tree, downstream, ("vendor", "0x1002"), ("class", "0x060400"), ("current_link_speed", "16.0 GT/s PCIe"), ("current_link_width", "16"));
        Write(tree, upstream, ("vendor", "0x1002"), ("class", "0x060400"), ("current_link_speed", "8.0 GT/s PCIe"), ("current_link_width", "8"),
            ("max_link_speed", "16.0 GT/s PCIe"), ("max_link_width", "16"));
        Write(tree, Path.GetDirectoryName(upstream)!, ("vendor", "0x1022"), ("class", "0x060400"));
    }

    /// <summary>Ryzen laptop: graphics in the processor, a carved out part of the host's memory.</summary>
    public static void WriteApu(TemporaryTree tree, int number = 0)
    {
        Card(tree, Apu, number, "amdgpu", "0x1002", "0x15bf", "0xc1");
        Write(tree, Apu, ("gpu_busy_percent", "4"), ("mem_info_vram_total", "536870912"), ("mem_info_vram_used", "500000000"),
            ("mem_info_gtt_total", "16000000000"), ("mem_info_gtt_used", "1000000000"), ("pp_dpm_sclk", "0: 800Mhz *\n1: 1100Mhz \n2: 2700Mhz "));
        Write(tree, Apu + "/hwmon/hwmon7", ("name", "amdgpu"), ("temp1_label", "edge"), ("temp1_input", "45000"), ("power1_label", "PPT"),
            ("power1_input", "9000000"), ("in0_label", "vddgfx"), ("in0_input", "1200"), ("in1_label", "vddnb"), ("in1_input", "700"));
        Write(tree, Path.GetDirectoryName(Apu)!, ("vendor", "0x1022"), ("class", "0x060400"));
    }

    /// <summary>MI300: no sensor at the edge, and its work comes from ROCm.</summary>
    public static void WriteInstinct(TemporaryTree tree)
    {
        Card(tree, Instinct, 1, "amdgpu", "0x1002", "0x74a1");
        Write(tree, Instinct, ("unique_id", "8f0e1a2b3c4d5e6f"), ("product_name", "AMD Instinct MI300X OAM"), ("gpu_busy_percent", "99"),
            ("mem_busy_percent", "44"), ("mem_info_vram_total", "206141652992"), ("mem_info_vram_used", "150000000000"), ("serial_number", "692432001234"));
        Write(tree, Instinct + "/hwmon/hwmon2", ("name", "amdgpu"), ("temp2_label", "junction"), ("temp2_input", "71000"), ("temp3_label", "mem"),
            ("temp3_input", "62000"), ("power1_input", "611000000"), ("power1_cap", "750000000"));
        var nodes = "sys/class/kfd/kfd/topology/nodes";
        Write(tree, nodes + "/0", ("gpu_id", "0"), ("properties", "cpu_cores_count 96\nsimd_count 0\ndrm_render_minor 0"));
        Write(tree, nodes + "/1", ("gpu_id", "28851"), ("properties", "cpu_cores_count 0\nsimd_count 1216\nlocation_id 16640\ndomain 0\ndrm_render_minor 129"));
        Write(tree, nodes + "/2", ("gpu_id", "51499"), ("properties", "cpu_cores_count 0\nsimd_count 1216\nlocation_id 50176\ndomain 0\ndrm_render_minor 137"));
    }

    /// <summary>Arc A770 on the older driver.</summary>
    public static void WriteArc(TemporaryTree tree)
    {
        Card(tree, Arc, 1, "i915", "0x8086", "0x56a0", "0x08");
        Write(tree, Arc, ("current_link_speed", "2.5 GT/s PCIe"), ("current_link_width", "1"));
        Write(tree, Arc + "/drm/card1", ("gt_cur_freq_mhz", "2100"), ("gt_max_freq_mhz", "2400"));
        Write(tree, Arc + "/hwmon/hwmon2", ("name", "i915_gt0"), ("energy1_input", "1"));
        Write(tree, ArcSensors, ("name", "i915"), ("in0_input", "950"), ("energy1_input", "5000000000"), ("power1_max", "190000000"),
            ("power1_rated_max", "228000000"), ("temp1_input", "58000"), ("fan1_input", "900"));
        ArcSwitch(tree, "16.0 GT/s PCIe");
    }

    /// <summary>Battlemage on xe.</summary>
    public static void WriteBattlemage(TemporaryTree tree)
    {
        Card(tree, Arc, 1, "xe", "0x8086", "0xe20b");
        Write(tree, Arc, ("tile0/gt0/freq0/cur_freq", "2400"), ("tile0/gt0/freq0/max_freq", "2850"));
        Write(tree, ArcSensors, ("name", "xe"), ("in1_input", "880"), ("energy1_input", "90000000"), ("energy1_label", "card"), ("energy2_input", "70000000"),
            ("power1_max", "0"), ("power2_max", "190000000"), ("power1_rated_max", "0"), ("power2_rated_max", "190000000"), ("temp2_label", "pkg"),
            ("temp2_input", "61000"), ("temp3_label", "vram"), ("temp3_input", "66000"), ("fan1_input", "1300"), ("fan2_input", "0"));
        ArcSwitch(tree, "32.0 GT/s PCIe");
    }

    /// <summary>The graphics in an Intel processor.</summary>
    public static void WriteIntelChip(TemporaryTree tree, int number = 0)
    {
        Card(tree, IntelChip, number, "i915", "0x8086", "0x46a6", "0x0c");
        Write(tree, $"{IntelChip}/drm/card{number}", ("gt_cur_freq_mhz", "300"), ("gt_max_freq_mhz", "1400"));
    }

    private static void ArcSwitch(TemporaryTree tree, string speed)
    {
        var downstream = Path.GetDirectoryName(Arc)!;
        var upstream = Path.GetDirectoryName(downstream)!;
        Write(tree, downstream, ("vendor", "0x8086"), ("class", "0x060400"), ("current_link_speed", "2.5 GT/s PCIe"), ("current_link_width", "1"));
        Write(tree, upstream, ("vendor", "0x8086"), ("class", "0x060400"), ("current_link_speed", speed), ("current_link_width", "8"));
        // The root port is Intel's, too, and not part of the card
        Write(tree, Path.GetDirectoryName(upstream)!, ("vendor", "0x8086"), ("class", "0x060400"), ("current_link_speed", "64.0 GT/s PCIe"),
            ("current_link_width", "16"));
    }
}
