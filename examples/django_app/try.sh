site=${1:-http://localhost:8000}
account='{"formFields": [{"id": "email", "value": "ada@example.com"}, {"id": "password", "value": "correct horse 1"}]}'
as_browser='st-auth-mode: cookie'

curl -s "$site/auth/signup" -H "$as_browser" -H 'content-type: application/json' -d "$account"
curl -s "$site/auth/signin" -H "$as_browser" -H 'content-type: application/json' -d "$account" -c cookies.txt
curl -s "$site/orders" -b cookies.txt # {"user": "..."}
curl -s "$site/orders"                # {"message":"unauthorised"}
