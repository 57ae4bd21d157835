package io.navarch.agent.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.api.NodeLogQuery.MalformedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeLogQueryTest {
    /// Such as `query=a query=b boot=0`.
    private static Map<String, List<String>> parameters(String text) {
        var all = new HashMap<String, List<String>>();
        for (var each : text.split(" ")) {
            var pair = each.split("=", 2);
            all.merge(
                    pair[0],
                    List.of(pair[1]),
                    (some, more) -> java.util.stream.Stream.concat(some.stream(), more.stream())
                            .toList());
        }
        return all;
    }

    private static NodeLogQuery query(String text) throws MalformedException {
        return NodeLogQuery.parse(parameters(text)).orElseThrow();
    }

    private static String problem(String text) throws MalformedException {
        return query(text).problem();
    }

    @Test
    void theJournalIsAskedForWhatItKnows() throws MalformedException {
        var query = query("query=a query=b sinceTime=2026-01-02T03:04:05Z untilTime=2026-01-02T13:04:05+01:00"
                + " tailLines=3 pattern=x.*y boot=-1");
        assertThat(query.problem()).isEmpty();
        assertThat(String.join(" ", query.journal(List.of("a", "b"))))
                .isEqualTo("journalctl --utc --no-pager --output=short-precise --since=2026-1-2 3:4:5"
                        + " --until=2026-1-2 12:4:5 --pager-end --lines=3 --unit=a --unit=b --grep=x.*y --boot -1");
        assertThat(NodeLogQuery.parse(Map.of())).isEmpty();
    }

    @Test
    void whatCannotBeReadIsRefusedAtOnce() {
        assertThatThrownBy(() -> NodeLogQuery.parse(parameters("query=")))
                .hasMessage("query: Invalid value: [\"\"]: may not be empty");
        assertThatThrownBy(() -> NodeLogQuery.parse(parameters("query=a sinceTime=yesterday boot=x")))
                .hasMessage("[sinceTime: Invalid value: \"yesterday\": invalid time format, boot: Invalid value:"
                        + " \"x\": strconv.Atoi: parsing \"x\": invalid syntax]");
    }

    @Test
    void whatIsNotAllowedIsNamed() throws MalformedException {
        assertThat(problem("query=a;reboot"))
                .isEqualTo("query: Invalid value: \"a;reboot\": input contains unsupported characters");
        assertThat(problem("query=a query=b query=c query=d query=e"))
                .isEqualTo("query: Too many: 5: must have at most 4 items");
        assertThat(problem("boot=0")).isEqualTo("query: Required value: cannot be empty with options");
        assertThat(problem("query=a query=/b"))
                .isEqualTo("query: Invalid value: \"[/b], [a]\": cannot specify a file and service");
        assertThat(problem("query=/b boot=0"))
                .isEqualTo("query: Invalid value: [\"/b\"]: cannot specify file with options");
        assertThat(problem("query=/a query=/b"))
                .isEqualTo("query: Invalid value: [\"/a\",\"/b\"]: cannot specify more than one file");
        assertThat(problem("query=a boot=1")).isEqualTo("boot: Invalid value: 1: must be less than 1");
        assertThat(problem("query=a tailLines=100001"))
                .isEqualTo("tailLines: Invalid value: 100001: must be between 0 and 100000, inclusive");
        assertThat(problem("query=a sinceTime=2026-01-02T00:00:00Z untilTime=2026-01-01T00:00:00Z"))
                .endsWith("must be after `sinceTime`");
        assertThat(problem("query=a pattern=(")).startsWith("pattern: Invalid value: \"(\"");
    }
}
