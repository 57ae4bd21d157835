package io.navarch.aggregation.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.aggregation.status.CustomGroupController.Seen;
import io.navarch.model.APIService;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CustomGroupControllerTest {
    private static Decision decide(APIService object, boolean served) {
        return new CustomGroupController().decide(new Seen(new ObjectKey("", "v1.a.b"), object, served), Instant.EPOCH);
    }

    private static APIService object(String label, int priority) {
        return APIService.of(View.of(Yaml.parse("{metadata: {name: v1.a.b, uid: u, labels: {"
                + CustomGroupController.MANAGED + ": '" + label + "'}}, spec: {group: a.b, version: v1,"
                + " groupPriorityMinimum: 1000, versionPriority: " + priority + "}}")));
    }

    @Test
    void whatIsServedIsRegistered() {
        var create = (Action.Create) decide(APIService.ABSENT, true).actions().getFirst();
        var made = APIService.of(View.of(create.object()));
        assertThat(made.spec().group()).isEqualTo("a.b");
        assertThat(made.spec().version()).isEqualTo("v1");
        assertThat(decide(APIService.ABSENT, false)).isEqualTo(Decision.NOTHING);
        assertThat(decide(object("true", 100), true)).isEqualTo(Decision.NOTHING);
    }

    @Test
    void whatIsNotServedAnyMoreGoes() {
        assertThat(decide(object("true", 100), false).actions()).singleElement().isInstanceOf(Action.Delete.class);
        assertThat(decide(object("true", 5), true).actions()).singleElement().isInstanceOf(Action.Update.class);
    }

    @Test
    void whatOthersHaveMadeIsTheirs() {
        for (var label : new String[] {"onstart", "false", ""}) {
            assertThat(decide(object(label, 5), true)).isEqualTo(Decision.NOTHING);
            assertThat(decide(object(label, 5), false)).isEqualTo(Decision.NOTHING);
        }
    }
}
