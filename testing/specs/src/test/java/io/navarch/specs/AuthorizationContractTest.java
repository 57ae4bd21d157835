package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.process.TaskScope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Who may do what, and how it is refused: the requests and answers below `authorization`, one file for a subject. The
/// answers were given by kube-apiserver v1.36.3.
class AuthorizationContractTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    @TestFactory
    List<DynamicTest> rolesAndBindings() throws IOException {
        return tests("rbac.txt");
    }

    @TestFactory
    List<DynamicTest> impersonation() throws IOException {
        return tests("impersonation.txt");
    }

    @TestFactory
    List<DynamicTest> nodes() throws IOException {
        return tests("node.txt");
    }

    @TestFactory
    List<DynamicTest> reviews() throws IOException {
        return tests("reviews.txt");
    }

    @TestFactory
    List<DynamicTest> rules() throws IOException {
        return tests("rules.txt");
    }

    @TestFactory
    List<DynamicTest> escalation() throws IOException {
        return tests("escalation.txt");
    }

    @TestFactory
    List<DynamicTest> requests() throws IOException {
        return tests("requests.txt");
    }

    private static List<DynamicTest> tests(String file) throws IOException {
        var script = new AuthorizationScript(plane);
        var tests = new ArrayList<DynamicTest>();
        for (var step : AuthorizationScript.read(file)) {
            tests.add(DynamicTest.dynamicTest(
                    step.title(), () -> assertThat(settled(script, step)).isEqualTo(step.wanted())));
        }
        return tests;
    }

    /// What follows from an object for nodes is known a moment after it has changed, here as in the original.
    private static String settled(AuthorizationScript script, AuthorizationScript.Step step)
            throws InterruptedException {
        var said = script.run(step);
        boolean changesNothing = step.text().startsWith("GET ") || step.text().startsWith("can ");
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (changesNothing && !said.equals(step.wanted()) && System.nanoTime() < until) {
            TaskScope.pause(20);
            said = script.run(step);
        }
        return said;
    }
}
