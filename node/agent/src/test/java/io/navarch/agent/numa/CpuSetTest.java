package io.navarch.agent.numa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuSetTest {
    @Test
    void itIsWrittenAsTheKernelDoes() {
        assertThat(CpuSet.of(List.of(0, 1, 2, 5, 7, 8))).hasToString("0-2,5,7-8");
        assertThat(CpuSet.EMPTY).hasToString("");
        var random = new Random(1);
        for (int i = 0; i < 200; i++) {
            var ids = new TreeSet<Integer>();
            random.ints(random.nextInt(12), 0, 20).forEach(ids::add);
            var set = CpuSet.of(ids);
            assertThat(CpuSet.parse(set.toString())).isEqualTo(set);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            3-1 | invalid range "3-1" (3 > 1)
            1,  | strconv.Atoi: parsing "": invalid syntax
            a-2 | strconv.Atoi: parsing "a": invalid syntax
            0-4294967296 | strconv.Atoi: parsing "4294967296": value out of range
            """)
    void whatIsNoneIsRefused(String text, String why) {
        assertThatThrownBy(() -> CpuSet.parse(text)).hasMessage(why);
    }
}
