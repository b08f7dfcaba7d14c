from django.test import SimpleTestCase

FORM = {"formFields": [{"id": "email", "value": "ada@example.com"}, {"id": "password", "value": "correct horse 1"}]}
AS_HEADER = {"st-auth-mode": "header"}


class OrdersTest(SimpleTestCase):
    def test_orders(self) -> None:
        signed_up = self.client.post("/auth/signup", FORM, content_type="application/json", headers=AS_HEADER)
        token = {"authorization": f"Bearer {signed_up['st-access-token']}"}
        user = signed_up.json()["user"]["id"]
        assert self.client.get("/orders", headers=token).json() == {"user": user}
        assert self.client.get("/orders").status_code == 401
