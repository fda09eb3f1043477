from teacher_builders import request

from skilladapt.teachers.scripted import Scripted, count_tokens
from skilladapt.teachers.teacher import Message, NoReply, Reply, Request, ask_all


def test_a_mapping_answers_the_last_message() -> None:
    teacher = Scripted({"a": "first", "b": "second"}, name="me")
    asked = Request(messages=(Message(role="system", content="a"), Message(role="user", content="b")))
    assert ask_all(teacher, [asked, request("c")]) == [
        Reply(text="second", finish="stop", model="me", prompt_tokens=10, completion_tokens=1),
        NoReply(reason="nothing in the script"),
    ]


def test_a_function_sees_the_whole_request() -> None:
    teacher = Scripted(lambda asked: f"{asked.draw} {asked.purpose}")
    (reply,) = ask_all(teacher, [request("a", draw=3, purpose="to test")])
    assert isinstance(reply, Reply) and reply.text == "3 to test"


def test_a_long_reply_is_cut_where_the_request_says_so() -> None:
    teacher = Scripted(lambda _: "one two three four")
    (reply,) = ask_all(teacher, [request("a", max_tokens=3)])
    assert isinstance(reply, Reply)
    assert (reply.text, reply.finish, reply.completion_tokens) == ("one two three", "length", 3)


def test_tokens_are_about_words_and_signs() -> None:
    assert count_tokens("Differentiate x^2.") == 3 + 1 + 1 + 1 + 1
    assert count_tokens("") == 0
