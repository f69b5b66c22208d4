using System;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace GpuPlatform.History.Storage.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(HistoryContext))]
    [Migration("20261121090000_GpuDetails")]
    public partial class GpuDetails : Migration
    {
        private static readonly string[] Shares = { "sm_percent", "memory_percent", "encoder_percent", "decoder_percent" };

        private static readonly string[] Loads =
            { "load_average_1_minute", "load_average_5_minutes", "load_average_15_minutes", "average_gpu_utilization_percent" };

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(name: "state", table: "gpu", type: "character varying(32)", maxLength: 32, nullable: false, defaultValue: "active");
            migrationBuilder.AddColumn<string>(name: "parent_uuid", table: "gpu", type: "character varying(96)", maxLength: 96, nullable: true);
            migrationBuilder.AddColumn<bool>(name: "memory_is_shared", table: "gpu", type: "boolean", nullable: false, defaultValue: false);
            migrationBuilder.AddColumn<double>(name: "energy_joules", table: "gpu_sample", type: "double precision", nullable: true);
            migrationBuilder.AddColumn<string>(name: "state", table: "gpu_sample", type: "character varying(32)", maxLength: 32, nullable: true);
            foreach (var share in Shares)
                migrationBuilder.AddColumn<double>(name: share, table: "gpu_process", type: "double precision", nullable: true);
            migrationBuilder.AddColumn<DateTimeOffset>(name: "utilization_read_at", table: "gpu_process", type: "timestamp with time zone", nullable: true);
            migrationBuilder.AddColumn<int>(name: "task_count", table: "host_sample", type: "integer", nullable: true);
            foreach (var load in Loads)
                migrationBuilder.AddColumn<double>(name: load, table: "host_sample", type: "double precision", nullable: true);
            migrationBuilder.AddColumn<string[]>(name: "problems", table: "node", type: "text[]", nullable: false, defaultValue: new string[0]);
            migrationBuilder.AddColumn<bool>(name: "game_mode", table: "node", type: "boolean", nullable: false, defaultValue: false);

            migrationBuilder.CreateTable(
                name: "gpu_detail",
                columns: table => new
                {
                    gpu_uuid = table.Column<string>(type: "character varying(96)", maxLength: 96, nullable: false),
                    sampled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    node_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    graphics_clock_megahertz = table.Column<double>(type: "double precision", nullable: true),
                    sm_clock_megahertz = table.Column<double>(type: "double precision", nullable: true),
                    memory_clock_megahertz = table.Column<double>(type: "double precision", nullable: true),
                    fan_speed_percent = table.Column<double>(type: "double precision", nullable: true),
                    memory_temperature_celsius = table.Column<double>(type: "double precision", nullable: true),
                    hotspot_temperature_celsius = table.Column<double>(type: "double precision", nullable: true),
                    performance_state = table.Column<int>(type: "integer", nullable: true),
                    is_power_throttled = table.Column<bool>(type: "boolean", nullable: true),
                    is_thermal_throttled = table.Column<bool>(type: "boolean", nullable: true),
                    encoder_utilization_percent = table.Column<double>(type: "double precision", nullable: true),
                    decoder_utilization_percent = table.Column<double>(type: "double precision", nullable: true),
                    pcie_received_bytes = table.Column<long>(type: "bigint", nullable: true),
                    pcie_sent_bytes = table.Column<long>(type: "bigint", nullable: true),
                    pcie_replay_count = table.Column<long>(type: "bigint", nullable: true),
                    ecc_corrected_count = table.Column<long>(type: "bigint", nullable: true),
                    ecc_uncorrected_count = table.Column<long>(type: "bigint", nullable: true),
                    xid_count = table.Column<long>(type: "bigint", nullable: true),
                },
                constraints: table => table.PrimaryKey("pk_gpu_detail", x => new { x.gpu_uuid, x.sampled_at }));
            migrationBuilder.CreateIndex(name: "ix_gpu_detail_sampled_at", table: "gpu_detail", column: "sampled_at")
                .Annotation("Npgsql:IndexMethod", "brin");
            migrationBuilder.CreateTable(
                name: "gpu_latest_detail",
                columns: table => new
                {
                    gpu_uuid = table.Column<string>(type: "character varying(96)", maxLength: 96, nullable: false),
                    read_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    document = table.Column<string>(type: "jsonb", nullable: false),
                },
                constraints: table => table.PrimaryKey("pk_gpu_latest_detail", x => x.gpu_uuid));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "gpu_latest_detail");
            migrationBuilder.DropTable(name: "gpu_detail");
            migrationBuilder.DropColumn(name: "game_mode", table: "node");
            migrationBuilder.DropColumn(name: "problems", table: "node");
            foreach (var load in Loads)
                migrationBuilder.DropColumn(name: load, table: "host_sample");
            migrationBuilder.DropColumn(name: "task_count", table: "host_sample");
            migrationBuilder.DropColumn(name: "utilization_read_at", table: "gpu_process");
            foreach (var share in Shares)
                migrationBuilder.DropColumn(name: share, table: "gpu_process");
            migrationBuilder.DropColumn(name: "state", table: "gpu_sample");
            migrationBuilder.DropColumn(name: "energy_joules", table: "gpu_sample");
            migrationBuilder.DropColumn(name: "memory_is_shared", table: "gpu");
            migrationBuilder.DropColumn(name: "parent_uuid", table: "gpu");
            migrationBuilder.DropColumn(name: "state", table: "gpu");
        }
    }
}
