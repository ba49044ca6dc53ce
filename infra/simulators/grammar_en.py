"""English: how buyers, agents, couriers, stations and viewers write."""

RULES = """
very: really | quite | surprisingly | very | genuinely | rather | fairly | remarkably | pretty
when: yesterday | last Friday | on Monday morning | two weeks ago | this afternoon | over the weekend | late last night | before the holidays | at lunchtime
who: my sister | my husband | a colleague | our neighbour | my flatmate | my dad | the kids | my grandmother | a friend | my partner
days: two days | three days | the next day | about a week | ten days | less than a day | nearly a fortnight | four days
num: two | three | four | five | six | eight | ten | twelve | 2 | 3 | 4 | 5 | 7 | 15 | 20
colour: navy | cream | forest green | charcoal | dusty pink | mustard | pale grey | burgundy | teal | natural oak

review: {r_open} {r_body} {r_close} | {r_open} {r_body} | {r_body} {r_close} | {r_story} {r_body} {r_close}
review_good: {r_open} {r_body} {r_close} | {r_story} {r_body} {r_close}
r_open: Bought this {product} for {who}. | This is my {nth} {product} from {brand}. | Ordered {when} and it came {within}. | I was not sure about the {product} at first. | After {days} of use, here is what I think. | Picked the {colour} one because {who} insisted. | I compared {num} shops before settling on this {product}.
nth: second | third | fourth | fifth
within: within {days} | after {days} | on the dot | earlier than promised | later than it should have
r_story: {who_cap} saw mine and ordered one on the spot. | We moved house {when} and needed a {product} in a hurry. | The old one gave up after years, so I tried {brand}. | It was meant as a birthday present, and {who} uses it every day now. | I read every review I could find before buying.
who_cap: My sister | My husband | A colleague | Our neighbour | My flatmate | My dad
r_body: {r_quality} {r_logi} | {r_quality} {r_service} | {r_quality} {r_price} | {r_detail} {r_quality} | {r_bad} {r_service_bad} | {r_quality} {r_bad} | {r_detail} {r_logi} {r_price}
r_quality: The {r_part} is {very} {r_adj_good}, and the {r_part2} is {r_ok}. | I like the {r_part}; it feels {r_adj_good} and {r_adj_good}. | The {r_part2} turned out {r_adj_good}, which {r_after}. | For what it costs, the {r_part} is {very} {r_adj_good}. | You can tell that someone thought about the {r_part} and the {r_part2}.
r_part: finish | stitching | weight | fabric | lid | handle | colour | fit | battery | sound | scent | surface | grip | zip
r_part2: packaging | manual | lining | base | strap | carry bag | button | cable | cushioning | seam
r_adj_good: sturdy | soft | neat | light | solid | smooth | comfortable | tidy | well made | durable | pleasant | precise
r_ok: fine | about what I expected | better than the last one | nothing special | decent | good enough for daily use
r_after: surprised me | made my morning easier | is all I wanted | {who} noticed straight away | saves a lot of space
r_detail: The measurements are within {num} millimetres of the listing. | Up close the {r_part} shows no rough edges, though the {r_part2} could be {r_wish}. | Pros: the {r_part} is {r_adj_good}. Cons: the {r_part2} is {r_flaw}. | The {colour} looks {r_tone} in daylight.
r_wish: thicker | lighter | longer | clearer | a size larger
r_flaw: a bit thin | rather stiff | easy to scratch | slow to dry | hard to fold | noisy at night
r_tone: darker | warmer | paler | richer | greener
r_logi: Delivery took {days} and the box was {r_box}. | The courier left it with {who}, and everything was {r_box}. | It shipped from {city} and arrived {within}. | Tracking went quiet for {days}, then it simply turned up.
r_box: intact | dented but the contents were safe | wrapped in far too much tape | neatly sealed | padded with paper
r_service: Customer service answered {r_ask} within minutes. | I asked {r_ask} and got a patient reply. | A part was missing and they posted it without fuss. | Support called back {num} times to make sure it worked.
r_ask: about sizing | how to clean it | whether the address could be changed | about the warranty | for an invoice | how to set it up
r_price: Good value, {r_price_short}. | Cheaper than the high street, {r_price_short}. | A little expensive, but {r_price_short}.
r_price_short: no regrets | I would buy it again | worth every penny | it beats the sale price | I even had a voucher | you get what you pay for
r_bad: I am a bit disappointed: the {r_part} is {r_flaw}. | The {r_part2} broke after {days}. | The photo shows {colour} but mine is {colour}. | It smells odd and the {r_part} is {r_flaw}.
r_service_bad: Support kept me waiting for {days}. | All I got were copied and pasted answers. | They wanted me to pay for the return. | To be fair, they replaced it in the end.
r_close: Recommended. | I will order again. | Five stars from me. | Let us see how it holds up. | Update after {days}: still {r_adj_good}. | Would suit anyone who needs a {product}. | Knocked off a star for the {r_part2}.
r_leak: Seller, please call me on {phone}, the name is {name}. | Email me at {email} if you want to swap sizes. | I am selling a spare one, text {phone}. | More photos on my page {url}. | Send the missing part to {name}, {address}. | Contact: {name}, {phone}, {email}.

title: {brand} {product_t} {t_mod} {t_spec} | {product_t}, {t_mod}, {colour}, {t_spec} | {t_mod} {product_t} for {t_who} - {brand} | {brand} {t_mod} {product_t} ({t_spec})
t_mod: Portable | Heavy Duty | Lightweight | Foldable | Quiet | Washable | Vintage | Compact | Extra Large | Non-Slip
t_who: Travel | Home and Office | Students | Beginners | the Kitchen | Camping | Small Spaces | Daily Commutes
t_spec: Set of {num} | Second Generation | Gift Box | Family Pack | Classic Edition | with Carry Bag | Single
description: {d_intro} {d_feature} {d_use} {d_note} | {d_intro} {d_feature} {d_feature2} {d_note} | {d_feature} {d_feature2} {d_use}
d_intro: This {product} by {brand} was made for {d_for}. | Meet the {product} that {brand} spent {num} months refining. | Every {product} passes {num} checks before it leaves the workshop. | Available in {colour} and {colour}, the {product} suits {d_for}.
d_for: busy mornings | long journeys | small flats | weekends outdoors | people who work from home | cold evenings
d_feature: The body is {d_material}, so it will not {d_damage}. | A wider {r_part2} keeps it steady, and the {r_part} stays {r_adj_good}. | Inside, {d_material} keeps odours away. | It weighs under {num} hundred grams thanks to {d_material}.
d_feature2: The pack includes {d_gift}. | Covered by a one-year guarantee and free returns. | It takes only {num} steps to set up. | The coating resists water and wipes clean.
d_material: food-grade steel | long-staple cotton | aircraft aluminium | natural latex | bamboo fibre | recycled polyester | borosilicate glass | solid beech
d_damage: warp | fade | pill | rust | crack | yellow
d_gift: a storage pouch | a cleaning brush | a spare filter | a printed manual | two hooks | a greeting card
d_use: Before first use, {d_before}. | {d_before_cap}, then leave it to dry. | Clean it every {num} weeks and keep it out of direct sun.
d_before: rinse it with warm water | charge it fully | check that all parts are there | read page {num} of the manual
d_before_cap: Rinse it with warm water | Wipe it with a soft cloth | Take off the protective film
d_note: Colours may differ slightly between batches. | Measured by hand; allow {num} millimetres. | For help call {hotline} or write in the app. | Pictures are for reference.

hello_b: hi | hello, anyone there? | Hi there | good morning | Hey, I need some help | hello
hello_a: Hello, welcome to {brand}. How can I help? | Hi, this is {nick} from {brand} support. | Good day! Which item is this about? | Thanks for contacting {brand}, please tell me more.
nick: Sam | Robin | Alex | Jo | Charlie
ask_where: where is my {product}? I ordered it {when} | my parcel has not moved for {days} | can you check order {order}? | tracking {waybill} still says in transit | it has been {days}, is my {product} lost?
agent_check: Could you give me the order number or the phone number on it? | May I have the recipient's name and phone, please? | One moment, let me look that up. | Which phone number did you use when ordering?
give_phone: {phone} | it's {phone} | my number is {phone}, {name} | sure, {phone}, the name is {name} | order {order}, phone {phone}
agent_status: I can see that it reached {city} {when} and should arrive in {days}. | It is out for delivery; the driver will ring first. | The warehouse sent it out {when}; I have asked them to hurry. | Bad weather is holding it in {city}, sorry about that. | Your tracking number is {waybill}.
ask_addr: I typed the wrong address, can you change it? | could you send it to my office instead? | we moved, please update the delivery address
agent_addr: It has not shipped yet, so yes. Please send name, phone and the new address. | I can try to intercept it. What is the new address?
give_addr: {name}, {address}, {phone} | Name: {name}\\nPhone: {phone}\\nAddress: {address} | please use {address}, attention {name} | {address} - call {phone} on arrival
agent_done: All done, you will get a text. | Noted, it will be handled within {days}. | Submitted. A colleague will contact you. | That is updated now.
ask_refund: the {product} is {r_flaw}, I want a refund | can I return the {product}? | I sent it back {days} ago, where is my money? | one part is missing, can I get something back?
agent_refund: I am sorry about that. Back to the same card, or to another one? | Please tell me which card the refund should go to. | Could you describe what is wrong with the {r_part}? | Refunds take {days} once the warehouse has signed for it.
give_card: card {card}, name {name} | use this one: {card} | {card} please | my card number is {card}, under {name}
ask_invoice: can I have an invoice? | I never got the receipt | I need an invoice for the {product}
agent_invoice: Of course, which e-mail address should it go to? | Please leave an e-mail address for the invoice.
give_email: {email} | send it to {email} please | my email is {email}, {name} | {email}, thanks
ask_customs: why is my {product} stuck at customs? | customs wants something from me, what is it?
agent_customs: They need a contact phone and e-mail for clearance. | Please confirm the recipient's name and phone so that we can file it.
give_id: {name}, {phone}, {email} | {name} - {phone} | it's {email} and {phone}
ask_size: does the {product} come in {colour}? | is this {product} all right for {d_for}? | what is the difference between this and the {brand} one? | will it {d_damage}? | I am between sizes, which one should I take?
agent_size: Yes, {colour} and {colour} are in stock. | It works well for {d_for}, many customers say so. | Mostly the {r_part}: this one is more {r_adj_good}, the other is {r_flaw}. | Not in normal use, it is made of {d_material}. | Take the larger one, the {r_part} will be more {r_adj_good}.
ask_more: and the {r_part2}? | how long is the warranty? | any vouchers? | can it ship today? | does it come with {d_gift}? | how do I clean it? | how many days to {city}?
agent_more: About {days}, depending on the courier. | Follow the shop for a small voucher. | One year, with free returns. | Orders before noon leave the same day. | That is our best price already. | Simply {d_before}.
ask_wechat: can I send you a video somewhere else? | is there a chat group for members?
give_wechat: my page is {url} | add me, {wechat} | just write to {email}
agent_wechat: Sorry, we may not use private contacts, but you can upload it here. | A colleague will invite you to the group.
thanks: ok thanks | great, thank you | got it | fine, I will wait | cheers | thanks for the quick help | all right then
agent_bye: Thank you for writing to {brand}, have a lovely day. | You are welcome. | If anything comes up, call {hotline}. | Please rate this chat when you have a moment.

remark: leave it {drop} | please ring before delivery | do not leave it {drop} | gift note: {wish} | call {phone} on arrival | deliver at the weekend | {colour} please, or {colour} if sold out | invoice to {email} | ask for {name}, {phone} | pack it well, the last box was {r_box}
drop: by the back door | with the concierge | in the parcel locker | at the corner shop | behind the planter | with the neighbour at the end of the hall | in the porch
wish: happy birthday and many more | get well soon | congratulations on the new home | happy graduation
note: {n_try} {n_result} | {n_place} {n_result} | {n_try} {n_result} {n_extra}
n_try: Called {phone}, no answer. | {name} asked for delivery after {num}. | Rang twice {when}, nobody home. | Recipient is travelling, rebooked in {days}. | Spoke to {who} on {phone}. | Refused at the door, said the {r_part} was {r_flaw}.
n_place: Could not park at {address}, walked the last bit. | Gate code not working, met {name} at the entrance. | Lift out of order, carried it up {num} floors. | Large item, took {num} people. | Vehicle {plate} was blocking the bay.
n_result: Left {drop}. | Rescheduled. | Signed by the recipient. | {name} signed, confirmed on {phone}. | Returned to the {city} depot. | Photo uploaded.
n_extra: Next time call {phone} first. | Beware of the dog. | {num} parcels for this door. | Pick-up code {pickup}. | Always leave {drop}.
event_pickup: [{city}] Collected by {station}, courier {cname} ({cphone}) | Parcel accepted at {station}, {city}
event_transit: Departed {city} hub, on its way to {city2} | Arrived at {city2} sorting centre | Delayed in {city} because of {cause}, expected in {days}
event_out: [{city}] Out for delivery with {cname}, phone {cphone}. Questions? Customer line {hotline} | Courier {cname} ({cphone}) is on the way, attempt {num}
event_station: [{city}] Your parcel is at {station}. Pick-up code {pickup}. Courier {cname}, {cphone}. Customer line {hotline}
event_signed: [{city}] Delivered, signed by {sign}. Courier {cname} ({cphone}). Thank you for using {carrier}, customer line {hotline}
event_problem: Delivery failed: {n_result} Courier {cname}, {cphone} | Address {region_note}; sender contacted. Customer line {hotline}
region_note: incomplete | outside the delivery area | does not match the phone's region
sign: the recipient | a family member | reception | a neighbour
cause: heavy rain | fog | road works | a vehicle check | snow | a public event
notice: Service notice: because of {cause}, deliveries in {city} and {city2} may take {days} longer from {date}. Questions: {hotline}. | {station} is closed from {date} to {date2}; parcels are kept safe. Call {hotline}. | Beware of calls that claim to be {carrier}: we never ask for codes or transfers. Our only line is {hotline}.

comment: {c_react} | {c_react} {c_tail} | {c_time} {c_point} | {c_point} {c_tail} | {c_ask} | {c_story} | {c_point} {c_react}
c_react: this is so good | love the editing | made {who} laugh out loud | I cried at the end | too short, want more | what is the song called? | the pictures are {very} {r_adj_good} | finally an upload | watched it {num} times | the pacing felt slow | who does the voice over?
c_tail: please do {city} next | subscribed | sent it to {who} | can't wait for part {num} | haha | the subtitles are a bit off
c_time: at {num} minutes | the opening | the last scene | watched this {when} and | on my {nth} watch
c_point: I own that {product}, the {r_part} is {r_adj_good}. | {cast} is {very} good here, {film_point}. | the {city} shots are {very} {r_adj_good}. | few people explain {topic} this clearly. | never thought of {topic} that way.
c_ask: which brand is that {product}? | where in {city} is this place? | any book for starting with {topic}? | when is episode {num} out?
c_story: went to {city} {when} and queued for {num} hours, {r_price_short}. | {who} works in {topic} and says it is simpler than it looks. | watched this with {who} years ago, {film_point}.
c_leak: for bookings write to {email} | ticket for sale, call {phone} | follow me {url} | I'm {name} from {city}, text me on {phone} | collab? {email} or {phone}
film_point: every look says something | better than the book | few words, a lot of weight | the ending leaves room | the score carries it
topic: quantum entanglement | restoring old roofs | pour-over coffee | town planning | deep-sea fish | folk opera | compilers | mountain tea | river deltas | plate tectonics | woodworking | sourdough | the age of sail | bird migration
synopsis: {s_when}, {cast} {s_job} and {s_event}. {s_turn} {s_end} | In {s_place}, {s_job2} {cast} {s_event}. {s_turn} {s_turn2} {s_end} | {cast} and {cast} {s_meet}; soon they {s_event2}. {s_turn} {s_end}
s_meet: meet on the last train | share a flooded bridge | quarrel over a wooden box | answer the same advertisement | inherit one radio
s_when: In the last summer before the dam | After {num} years of war | On a night without a moon | When the river rose | One rainy season from now
s_place: a fishing village | a factory town | the old quarter | a valley below the snow line | a city about to drown
s_job: takes over a watchmaker's shop | goes to sea alone | is sent to teach at the border | receives an unsigned letter | buys a broken radio
s_job2: the young doctor | retired pilot | puppet master | trainee reporter | lighthouse keeper | noodle cook
s_event: uncovers a buried story | is drawn into a case {num} years cold | sets out to find a lost sister | agrees to guard a locked chest | begins a journey without an end
s_event2: uncover a buried story | reopen a case {num} years cold | set out to find a lost sister | begin a journey without an end
s_turn: One by one the clues fail, and friends fall silent. | Just as the truth comes near, {cast} disappears. | A fire makes everything begin again. | The key was where they started. | They quarrel, and learn to trust.
s_turn2: Memory and the present cut across each other. | Told in {num} long takes, it binds people to land. | Much of it is in dialect, and {film_point}.
s_end: When the whistle blows again, the answer no longer matters. | This time, someone stays. | The last letter is read over the credits. | It stops before a bowl of hot soup. | After the wind, everybody has a new name.
caption: {cap_who} {cap_do} {cap_where} | {cap_where_cap}, {cap_who} {cap_do} | A {colour} {product} on a {cap_thing} | {num} {colour} {cap_car} parked {cap_where} | {cap_who} {cap_do} next to a {colour} {product}
cap_who: a little girl | two old men | a ginger cat | a man in a {colour} coat | some students | a white dog | a woman in a straw hat | a boy on a bicycle | a couple
cap_do: eating watermelon | chasing bubbles | reading | smiling at the camera | looking at a phone | holding hands | dozing | waiting at the lights | flying a kite
cap_where: beside a park bench | on the beach | in a metro station | on stone steps | by the kitchen window | under a footbridge at dusk | on the grass by a lake | in a corner of a bookshop
cap_where_cap: Beside a park bench | On the beach | In a metro station | On stone steps | Under a footbridge at dusk
cap_thing: wooden table | window sill | stone step | picnic rug | bookshelf | bedside table
cap_car: bicycles | cars | motorbikes | buses | tricycles
credit: Translated by {handle}, checked by {handle}; report mistakes to {email} | We need timers, write to {email} | For study only. Contact {email}
"""
