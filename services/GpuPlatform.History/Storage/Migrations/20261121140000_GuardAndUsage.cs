using System;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace GpuPlatform.History.Storage.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(HistoryContext))]
    [Migration("20261121140000_GuardAndUsage")]
    public partial class GuardAndUsage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "guard_event",
                columns: table => new
                {
                    node_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    gpu_uuid = table.Column<string>(type: "character varying(96)", maxLength: 96, nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    hand_over_id = table.Column<Guid>(type: "uuid", nullable: false),
                    from_state = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    to_state = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    throttle = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    cause = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    reason = table.Column<string>(type: "character varying(1024)", maxLength: 1024, nullable: false),
                    in_state_ms = table.Column<double>(type: "double precision", nullable: true),
                    pid = table.Column<int>(type: "integer", nullable: true),
                    process_started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    process_name = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    process_kind = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    process_memory_bytes = table.Column<long>(type: "bigint", nullable: true),
                    memory_used_bytes = table.Column<long>(type: "bigint", nullable: true),
                    memory_used_before_bytes = table.Column<long>(type: "bigint", nullable: true),
                    cancelled_count = table.Column<int>(type: "integer", nullable: false),
                    held_count = table.Column<int>(type: "integer", nullable: false),
                    models = table.Column<string[]>(type: "text[]", nullable: false),
                },
                constraints: table => table.PrimaryKey("pk_guard_event", x => new { x.node_id, x.gpu_uuid, x.changed_at }));
            migrationBuilder.CreateIndex(name: "ix_guard_event_changed_at", table: "guard_event", column: "changed_at");
            migrationBuilder.CreateIndex(name: "ix_guard_event_hand_over_id", table: "guard_event", column: "hand_over_id");
            migrationBuilder.CreateTable(
                name: "process_hour",
                columns: table => new
                {
                    node_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    pid = table.Column<int>(type: "integer", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    gpu_uuid = table.Column<string>(type: "character varying(96)", maxLength: 96, nullable: false),
                    hour = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    first_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    measured_ms = table.Column<long>(type: "bigint", nullable: false),
                    memory_ms = table.Column<long>(type: "bigint", nullable: false),
                    memory_kib_ms = table.Column<long>(type: "bigint", nullable: false),
                    sm_ms = table.Column<long>(type: "bigint", nullable: false),
                    sm_us = table.Column<long>(type: "bigint", nullable: false),
                    encoder_ms = table.Column<long>(type: "bigint", nullable: false),
                    encoder_us = table.Column<long>(type: "bigint", nullable: false),
                    energy_ms = table.Column<long>(type: "bigint", nullable: false),
                    energy_millijoules = table.Column<long>(type: "bigint", nullable: false),
                    peak_memory_bytes = table.Column<long>(type: "bigint", nullable: true),
                },
                constraints: table => table.PrimaryKey("pk_process_hour", x => new { x.node_id, x.pid, x.started_at, x.gpu_uuid, x.hour }));
            migrationBuilder.CreateIndex(name: "ix_process_hour_hour", table: "process_hour", column: "hour");
            migrationBuilder.CreateTable(
                name: "process_kind",
                columns: table => new
                {
                    node_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    pid = table.Column<int>(type: "integer", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    observed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    kind = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    confidence = table.Column<double>(type: "double precision", nullable: false),
                    rule = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                },
                constraints: table => table.PrimaryKey("pk_process_kind", x => new { x.node_id, x.pid, x.started_at, x.observed_at }));
            // What earlier releases kept of verdicts is the newest of each process
            migrationBuilder.Sql("""
                INSERT INTO process_kind (node_id, pid, started_at, observed_at, kind, confidence, rule)
                SELECT node_id, pid, started_at, observed_at, kind, confidence, rule FROM process_verdict
                """);
            migrationBuilder.AddColumn<string>(name: "rules", table: "process_verdict", type: "jsonb", nullable: true);
            // An hour of lists, only for those that come late: not worth the write-ahead log. Rows of process_hour grow in place.
            migrationBuilder.Sql("""
                CREATE UNLOGGED TABLE process_list (
                    gpu_uuid character varying(96) NOT NULL, sampled_at timestamptz NOT NULL, stored_at timestamptz NOT NULL DEFAULT now(),
                    pids int[] NOT NULL, starts timestamptz[] NOT NULL, memory_bytes bigint[] NOT NULL, sm_percent float8[] NOT NULL,
                    encoder_percent float8[] NOT NULL, CONSTRAINT pk_process_list PRIMARY KEY (gpu_uuid, sampled_at));
                CREATE INDEX ix_process_list_stored_at ON process_list (stored_at);
                ALTER TABLE process_hour SET (fillfactor = 80);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "process_list");
            migrationBuilder.DropColumn(name: "rules", table: "process_verdict");
            migrationBuilder.DropTable(name: "process_kind");
            migrationBuilder.DropTable(name: "process_hour");
            migrationBuilder.DropTable(name: "guard_event");
        }
    }
}
