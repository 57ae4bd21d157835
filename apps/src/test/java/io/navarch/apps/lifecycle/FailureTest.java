package io.navarch.apps.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.cli.PodTrouble;
import io.navarch.cli.PodTrouble.Log;
import io.navarch.objects.ObjectKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureTest {
    private static PodTrouble trouble(String pod, String container, String what, Log log) {
        return new PodTrouble(new ObjectKey("shop", pod), container, what, log);
    }

    @Test
    void theContainerItsLinesAndWhatToDoAreTold() {
        var crash = trouble("web-1", "app", "CrashLoopBackOff: it ended 3 times, last with exit code 1", Log.PREVIOUS);
        var image = trouble("web-2", "", "no nodes", Log.NONE);
        assertThat(Failure.lines(List.of(
                        new Failure.Told(crash, List.of("Traceback", "KeyError: 'HOST'")),
                        new Failure.Told(image, List.of()))))
                .containsExactly(
                        "  web-1, container app: CrashLoopBackOff: it ended 3 times, last with exit code 1",
                        "    | Traceback",
                        "    | KeyError: 'HOST'",
                        "  web-2: no nodes",
                        "next:",
                        "  kubectl logs -n shop web-1 -c app --previous",
                        "  kubectl describe -n shop pod/web-2");
    }

    @Test
    void whatIsAlikeIsToldOnce() {
        var first = trouble("web-1", "app", "ErrImagePull: none such", Log.NONE);
        var again = trouble("web-2", "app", "ErrImagePull: none such", Log.NONE);
        var other = trouble("web-2", "side", "runs and is not ready", Log.CURRENT);
        assertThat(Failure.worthTelling(List.of(first, again, other))).containsExactly(first, other);
    }
}
