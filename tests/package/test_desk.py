"""The number desk: what people report is known or said not to be, and chance is not taken for knowledge."""

import json
import random

import mpmath
import numpy as np
import pytest
import sympy as sp
import v8
from pages import complete

from lossnotes import assets
from lossnotes.desk import NumberDesk, number_desk
from lossnotes.desk.known import KNOWN, LOSSES, K, epsilon, s
from lossnotes.printing import numpy_function

UNIFORM, HALF = "every class gets 1/K", "every answer gets ½"
TWICE = "softmax twice, all sure and right"
YES, NO, ADDED = "clipped at 1e−7", "a no clipped at 1e−7 in float32", "and 1e−7 added"


def look(text, K=None, share=None, loss=""):
    given = {"K": K, "share": share}
    asked = {"text": text, "loss": loss, **{key: value for key, value in given.items() if value is not None}}
    return v8.run(f"lookUp({json.dumps(number_desk().data)}, {json.dumps(asked)})")


def names(answer):
    return [fit["known"]["name"] for fit in answer["fits"]]


#: As logged, what else is known, the first explanation (nothing: None), whether digits are few.
REPORTED = [
    ("2.3026", {"K": 10}, UNIFORM, False),
    ("2.30", {"K": 10}, UNIFORM, False),
    ("2.3", {"K": 10}, UNIFORM, True),
    ("2.302585", {}, UNIFORM, False),
    ("tensor(2.3026)", {"K": 10, "loss": "softmax"}, UNIFORM, False),
    ("0.6931", {"K": 2}, UNIFORM, False),
    ("0.6931", {"loss": "bce"}, HALF, False),
    ("0.69315", {}, HALF, False),  # tflearn/tflearn 253
    (".69", {"loss": "binary"}, HALF, True),
    ("1.0986", {"K": 3}, UNIFORM, False),
    ("1.386", {"K": 4}, UNIFORM, False),  # rowanz/r2c 43
    ("1.386381", {"K": 4}, None, False),  # the same: it wavers
    ("4.6052", {"K": 100}, UNIFORM, False),
    ("6.90776", {"K": 1000}, UNIFORM, False),  # jixing0415/caffe-mobilenet-v3 1
    ("6.9078", {}, UNIFORM, False),
    ("10.82", {"K": 50257}, UNIFORM, False),  # the first loss of a GPT-2
    ("7.6", {"K": 2000}, UNIFORM, True),
    ("0.7437", {"K": 4, "loss": "softmax"}, TWICE, False),  # ariecattan/SciCo 2
    ("0.5514", {"K": 3}, TWICE, False),
    ("1.4612", {"K": 10}, TWICE, False),
    ("0.3133", {"K": 2, "loss": "softmax"}, TWICE, False),
    ("2.3612", {"K": 10}, "softmax twice, always the same class", False),
    ("16.118", {"loss": "keras"}, f"{YES}, all wrong", False),
    ("14.5063", {"K": 10}, f"{YES}, always the same class of K", False),
    ("8.0590", {}, f"{YES}, every second answer wrong", False),
    ("15.942", {"loss": "keras_binary"}, f"{NO}, all wrong", False),
    ("7.9712", {"loss": "keras_binary"}, f"{NO}, every second answer wrong", False),  # keras-team/keras 13006
    ("7.712474346160889", {}, f"a yes clipped, {ADDED}, every second answer wrong", False),
    ("7.6666", {}, f"a no clipped, {ADDED}, every second answer wrong", False),
    ("7.6246", {}, f"a no clipped, {ADDED} to the 1 first, every second answer wrong", False),
    ("27.6310", {}, "a constant of 1e−12 in the logarithm", False),
    ("100.0", {"loss": "bce"}, "PyTorch's stop, all wrong", False),
    ("36.04", {}, "scikit-learn's clip, all wrong", False),
    ("34.5388", {}, "a clip at 1e−15, all wrong", False),
    ("1.1921e-07", {}, "right and sure, in float32", False),
    ("0.3251", {"share": 0.9}, "only the shares are learnt", False),
    ("0.0900", {"K": 10, "loss": "squares"}, "every class gets 1/K, mean over classes", False),
    ("-0.1000", {"K": 10, "loss": "nll"}, "probabilities for log-probabilities, at the start", False),
    ("1.9105", {}, None, False),  # a note on Keras, 54 % right
    ("2.3079", {"K": 10}, None, False),
    ("12.", {}, None, False),  # baidu-research/ba-dls-deepspeech 29: "12.xxxx"
    ("0.92", {"loss": "softmax"}, None, False),  # qcf-568/DocTamper 52
    ("5", {"K": 10}, None, False),
]


@pytest.mark.parametrize(("text", "given", "first", "few"), REPORTED)
def test_what_people_report_is_known_or_is_not(text, given, first, few):
    answer = look(text, **given)
    assert names(answer)[:1] == ([first] if first else [])
    assert [fit["few"] for fit in answer["fits"]][:1] == ([few] if first else [])


@pytest.mark.parametrize(
    ("text", "given", "kind"),
    [
        ("nan", {}, "nan"),
        ("loss: NaN", {}, "nan"),
        ("tensor(nan)", {}, "nan"),
        ("inf", {}, "infinite"),
        ("-Infinity", {}, "infinite"),
        ("0.0000", {"K": 10}, "zero"),
        ("-55.0254", {}, "negative"),  # labels 0 to 9 with one output
        ("1e-7", {}, "tiny"),
        ("", {}, "empty"),
        ("ln 2", {}, "unread"),
        ("2.3, 2.4", {}, "unread"),
        ("1e999", {}, "unread"),
        ("constructor", {}, "unread"),
        ("<img src=x onerror=alert(1)>", {}, "unread"),
        ("9" * 10_000, {}, "unread"),
    ],
)
def test_what_has_an_answer_of_its_own(text, given, kind):
    answer = look(text, **given)
    assert (answer["kind"], answer["fits"]) == (kind, [])
    assert (kind in number_desk().data["states"]) is (kind not in ("empty", "unread"))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2.30", 2.295, 2.31),
        ("2,30", 2.295, 2.31),
        (".69", 0.685, 0.70),
        ("1.19e-07", 1.185e-7, 1.20e-7),
        ("−0.10", -0.11, -0.095),
        ("1,234.5", 1234.45, 1234.6),
        ("val_loss: 0.5", 0.45, 0.6),
    ],
)
def test_what_the_digits_leave_open(text, low, high):
    assert v8.run(f"readLogged({json.dumps(text)}).ends") == pytest.approx([low, high], rel=1e-12)


@pytest.mark.parametrize(
    ("reader", "typed", "read"),
    [
        ("readClasses", "10", 10),
        ("readClasses", "50,257", 50257),
        ("readShare", "90 %", 0.9),
        ("readShare", ".9", 0.9),
        *((reader, "", "undefined") for reader in ("readClasses", "readShare")),
        *(("readClasses", typed, "NaN") for typed in ("1", "2.5", "-3", "1e3", "ten", "9" * 400)),
        *(("readShare", typed, "NaN") for typed in ("0", "1", "90", "x", "-.1")),
    ],
)
def test_what_else_is_typed(reader, typed, read):
    found = v8.run(f"String({reader}({json.dumps(typed)}))")
    assert found == str(read)


def test_where_no_number_of_classes_is_given_the_desk_says_which_others_fit():
    (fit,) = look("10.82")["fits"]
    assert (fit["K"], fit["assumed"]) == (50257, True)
    assert fit["from"] == int(np.ceil(np.exp(10.815)))
    assert fit["to"] == int(np.exp(10.83))
    assert (look("2.3026")["fits"][0]["from"], look("2.3026")["fits"][0]["to"]) == (10, 10)


def test_where_a_value_of_k_is_everywhere_none_is_claimed():
    """Above 6 there is a ln K for every number of two decimals."""
    for text in ("6.1", "6.21", "6.66", "6.83"):
        answer = look(text, loss="softmax")
        assert [fit for fit in answer["fits"] if fit["assumed"]] == []
        assert answer["left"] >= 1


def test_where_values_crowd_a_fit_is_a_hint():
    """(1 − 1/K) · 16.118 is seldom near 14.5, and everywhere below 16.118."""
    (rare,) = look("14.5063", loss="keras")["fits"]
    crowded = look("16.1018", loss="keras")["fits"]
    assert (rare["K"], rare["few"]) == (10, False)
    assert [(fit["K"], fit["few"]) for fit in crowded if fit["assumed"]] == [(989, True)]


def test_a_run_that_has_learnt_nothing_wavers():
    near = [(one["known"]["name"], one["K"]) for one in look("2.308579206466675", K=10)["near"]]  # a PyTorch forum
    assert near == [(UNIFORM, 10)]
    assert look("3.0447", K=21)["near"][0]["known"]["name"] == UNIFORM  # wkentaro/pytorch-fcn 119
    assert look("2.35", K=10)["near"] == []


def claims(texts, K):
    """For how many of these something is told as a fit."""
    asked = [{"text": text, "loss": "", **({"K": K} if K else {})} for text in texts]
    desk = json.dumps(number_desk().data)
    found = f"((desk) => {json.dumps(asked)}.map((a) => lookUp(desk, a).fits.some((fit) => !fit.few)))({desk})"
    return sum(v8.run(found))


@pytest.mark.parametrize(("classes", "most"), [(10, 5), (1000, 5), (None, 40)])
def test_any_number_of_four_digits_is_seldom_known(classes, most):
    """Of a thousand: one in two hundred where the number of classes is given."""
    chance = random.Random(4)
    assert claims([f"{chance.uniform(0.05, 5):.4f}" for _ in range(1000)], classes) <= most


def test_a_loss_that_is_named_has_fewer_explanations():
    assert len(look("16.118")["fits"]) >= 1
    assert look("16.118", loss="softmax")["fits"] == []
    for loss in LOSSES:
        assert any(loss in known.losses for known in KNOWN), loss


@pytest.mark.parametrize("known", KNOWN, ids=[known.name for known in KNOWN])
def test_the_page_computes_what_mpmath_does(known):
    (row,) = [row for row in number_desk().data["known"] if row["name"] == known.name]
    place = {K: 10, s: 0.7, epsilon: 0.1}
    names = sorted(known.value.free_symbols, key=str)
    (found,) = v8.values(row["tree"], [str(name) for name in names], [[place[name] for name in names]])
    with mpmath.workdps(40):
        exact = sp.lambdify(names, known.value, "mpmath")(*(mpmath.mpf(place[name]) for name in names))
    assert found == pytest.approx(float(exact), rel=1e-13)
    assert found == pytest.approx(
        float(numpy_function(known.value, names)(*(place[name] for name in names))), rel=1e-13
    )
    assert set(known.losses) <= set(LOSSES)
    assert known.losses


def test_names_are_unlike():
    assert len({known.name for known in KNOWN}) == len(KNOWN)


# --- on a page -----------------------------------------------------------------------


@pytest.fixture
def opened(browser_page, tmp_path):
    file = tmp_path / "page.html"
    file.write_text(complete(number_desk()._repr_mimebundle_()[0]["text/html"]), encoding="utf-8")
    return lambda **kind: browser_page(file.as_uri(), **kind)


def told(page):
    return page.locator("#desk [role=status]").inner_text()


def ask(page, **fields):
    for name, text in fields.items():
        page.locator(f"#desk [name={name}]").fill(text)
    page.locator("#desk [name=value]").press("Enter")


def test_by_keyboard(opened):
    page = opened()
    page.locator("#desk [name=value]").focus()
    page.keyboard.type("2.3026")
    page.keyboard.press("Tab")
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    assert told(page) == "One known value fits 2.3026 (what is rounded or cut off to it lies from 2.30255 to 2.3027)."
    (line,) = page.locator("#desk li").all_inner_texts()
    assert line.startswith("Every class gets 1/K. ln(K) = 2.302585, with K = 10.")
    assert page.locator("#desk li a").get_attribute("href") == "floats-further.html#q19"
    page.keyboard.type("0")
    assert told(page) == ""
    assert page.locator("#desk li").count() == 0
    assert page.faults == []


def test_an_example_fills_the_fields_and_answers(opened):
    page = opened()
    page.get_by_role("button", name="0.7437, 4 classes").click()
    assert page.locator("#desk [name=classes]").input_value() == "4"
    assert "Yes: softmax twice." in page.locator("#desk li").inner_text()
    page.get_by_role("button", name="1.9105").click()
    assert page.locator("#desk [name=classes]").input_value() == ""
    assert told(page).startswith("Nothing known fits 1.9105")


def test_a_near_one_is_no_fit(opened):
    page = opened()
    ask(page, value="2.3086", classes="10")
    assert told(page).startswith("Nothing known fits 2.3086")
    assert page.locator("#desk .ln-found").inner_text().startswith("Close by, 0.006 below: every class gets 1/K.")


@pytest.mark.parametrize(
    ("fields", "wrong", "words"),
    [
        ({"value": "many"}, "value", "Expected one number as it is logged"),
        ({"value": ""}, "value", "Type the value"),
        ({"value": "1", "classes": "1"}, "classes", "Classes: expected a whole number from 2 on"),
        ({"value": "1", "share": "90"}, "share", "Share: expected a number between 0 and 1"),
        ({"value": "<img src=x onerror=alert(1)>"}, "value", "Expected one number"),
        ({"value": "<b>nan</b>"}, "value", "Expected one number"),
    ],
)
def test_what_cannot_be_read_is_told(opened, fields, wrong, words):
    page = opened()
    ask(page, **fields)
    assert told(page).startswith(words)
    assert page.evaluate("document.activeElement.name") == wrong
    assert page.locator("#desk [aria-invalid=true]").get_attribute("name") == wrong
    assert page.locator("#desk b, #desk img").count() == 0
    assert page.faults == []


def test_without_scripts_it_leads_to_the_table(opened):
    page = opened(javascript=False)
    assert page.get_by_text("The table below has all that it knows.").is_visible()
    assert not page.get_by_role("button", name="What is it?").is_visible()


def test_it_is_a_widget_where_there_is_a_kernel():
    assert isinstance(number_desk(), NumberDesk)
    assert number_desk()._repr_mimebundle_()[0]["text/plain"]


def test_as_a_widget_it_leads_to_notebooks(browser_page):
    page = browser_page("data:text/html,<title>empty</title><body></body>")
    desk = number_desk()
    page.evaluate(
        """async ([text, values]) => {
            const url = URL.createObjectURL(new Blob([text], {type: "text/javascript"}));
            const {render} = (await import(url)).default;
            render({model: {get: (name) => values[name]}, el: document.body});
        }""",
        [assets.bundle("widget.js", module=True), {"markup": desk.markup, "data": desk.data}],
    )
    ask(page, value="0.7437", classes="4")
    assert page.locator("#desk li a").get_attribute("href") == "floating-point.ipynb#q10"
    assert page.faults == []
