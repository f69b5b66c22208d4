using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace GpuPlatform.History.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "gpu",
                columns: table => new
                {
                    gpu_uuid = table.Column<string>(type: "character varying(96)", maxLength: 96, nullable: false),
                    node_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    index = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    first_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_gpu", x => x.gpu_uuid);
                });

            migrationBuilder.CreateTable(
                name: "gpu_process",
                columns: table => new
                {
                    node_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    pid = table.Column<int>(type: "integer", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    gpu_uuid = table.Column<string>(type: "character varying(96)", maxLength: 96, nullable: false),
                    name = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    executable_path = table.Column<string>(type: "character varying(4096)", maxLength: 4096, nullable: true),
                    command_line = table.Column<string[]>(type: "text[]", nullable: true),
                    user_name = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    ancestors = table.Column<string[]>(type: "text[]", nullable: true),
                    control_group = table.Column<string>(type: "character varying(4096)", maxLength: 4096, nullable: true),
                    context = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    memory_used_bytes = table.Column<long>(type: "bigint", nullable: true),
                    peak_memory_used_bytes = table.Column<long>(type: "bigint", nullable: true),
                    described_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    first_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_gpu_process", x => new { x.node_id, x.pid, x.started_at, x.gpu_uuid });
                });

            migrationBuilder.CreateTable(
                name: "gpu_sample",
                columns: table => new
                {
                    gpu_uuid = table.Column<string>(type: "character varying(96)", maxLength: 96, nullable: false),
                    sampled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    node_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    utilization_percent = table.Column<double>(type: "double precision", nullable: true),
                    memory_utilization_percent = table.Column<double>(type: "double precision", nullable: true),
                    memory_total_bytes = table.Column<long>(type: "bigint", nullable: true),
                    memory_used_bytes = table.Column<long>(type: "bigint", nullable: true),
                    memory_free_bytes = table.Column<long>(type: "bigint", nullable: true),
                    memory_reserved_bytes = table.Column<long>(type: "bigint", nullable: true),
                    temperature_celsius = table.Column<double>(type: "double precision", nullable: true),
                    power_watts = table.Column<double>(type: "double precision", nullable: true),
                    power_limit_watts = table.Column<double>(type: "double precision", nullable: true),
                    error = table.Column<string>(type: "character varying(1024)", maxLength: 1024, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_gpu_sample", x => new { x.gpu_uuid, x.sampled_at });
                });

            migrationBuilder.CreateTable(
                name: "host_sample",
                columns: table => new
                {
                    node_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    sampled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    cpu_percent = table.Column<double>(type: "double precision", nullable: true),
                    memory_total_bytes = table.Column<long>(type: "bigint", nullable: true),
                    memory_used_bytes = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_host_sample", x => new { x.node_id, x.sampled_at });
                });

            migrationBuilder.CreateTable(
                name: "node",
                columns: table => new
                {
                    node_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    last_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    logical_processor_count = table.Column<int>(type: "integer", nullable: true),
                    collector_version = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    gpu_source = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    gpu_unavailable_reason = table.Column<string>(type: "character varying(1024)", maxLength: 1024, nullable: true),
                    driver_version = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    cuda_version = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    nvml_version = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    messages_queued = table.Column<long>(type: "bigint", nullable: false),
                    messages_dropped = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_node", x => x.node_id);
                });

            migrationBuilder.CreateTable(
                name: "process_verdict",
                columns: table => new
                {
                    node_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    pid = table.Column<int>(type: "integer", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    kind = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    confidence = table.Column<double>(type: "double precision", nullable: false),
                    rule = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    reason = table.Column<string>(type: "character varying(1024)", maxLength: 1024, nullable: false),
                    observed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_process_verdict", x => new { x.node_id, x.pid, x.started_at });
                });

            migrationBuilder.CreateIndex(
                name: "ix_gpu_process_first_seen_at",
                table: "gpu_process",
                column: "first_seen_at");

            migrationBuilder.CreateIndex(
                name: "ix_gpu_process_open",
                table: "gpu_process",
                column: "node_id",
                filter: "ended_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_gpu_sample_sampled_at",
                table: "gpu_sample",
                column: "sampled_at")
                .Annotation("Npgsql:IndexMethod", "brin");

            migrationBuilder.CreateIndex(
                name: "ix_host_sample_sampled_at",
                table: "host_sample",
                column: "sampled_at")
                .Annotation("Npgsql:IndexMethod", "brin");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "gpu");

            migrationBuilder.DropTable(
                name: "gpu_process");

            migrationBuilder.DropTable(
                name: "gpu_sample");

            migrationBuilder.DropTable(
                name: "host_sample");

            migrationBuilder.DropTable(
                name: "node");

            migrationBuilder.DropTable(
                name: "process_verdict");
        }
    }
}
